import { once } from "node:events";
import t, { type Test } from "tap";
import { WebSocket } from "ws";
import { testAsterisk } from "../support/asterisk.ts";
import { authorization, formatMessage, header, parseMessage, type SipMessage } from "../support/sip/message.ts";
import { bench, rawUpgrade } from "./support.ts";

/** A browser phone's SIP, as little of it as a REGISTER needs (RFC 3261, RFC 7118). */
class BrowserPhone {
  readonly #socket: WebSocket;
  #cseq = 0;

  constructor(t: Test, host: string) {
    this.#socket = new WebSocket(`ws://${host}/ws`, ["sip"], { origin: `http://${host}` });
    t.teardown(() => this.#socket.terminate());
  }

  async ask(method: string, more: [string, string][] = []): Promise<SipMessage> {
    if (this.#socket.readyState === WebSocket.CONNECTING) await once(this.#socket, "open");
    this.#cseq += 1;
    const answer = once(this.#socket, "message");
    const headers: [string, string][] = [
      ["Via", `SIP/2.0/WS phone.invalid;branch=z9hG4bK${this.#cseq}`],
      ["From", "<sip:a-anna@kontaktlots>;tag=from-tag"],
      ["To", "<sip:a-anna@kontaktlots>"],
      ["Call-ID", "call-id-of-this-phone"],
      ["CSeq", `${this.#cseq} ${method}`],
      ["Contact", "<sip:a-anna@phone.invalid;transport=ws>;expires=60"],
      ["Max-Forwards", "70"],
    ];
    this.#socket.send(formatMessage({ method, uri: "sip:kontaktlots", headers: [...headers, ...more], body: "" }));
    const [data] = await answer;
    const message = parseMessage(Buffer.from(data));
    if (message === undefined) throw new Error(`no SIP: ${data}`);
    return message;
  }
}

function answerTo(challenge: SipMessage, secret: string): [string, string][] {
  return [
    ["Authorization", authorization(header(challenge, "www-authenticate"), "REGISTER", "sip:kontaktlots", "a-anna", secret)],
  ];
}

t.test("a browser phone registers at the real Asterisk through the front, and reaches nothing else of it", async (t) => {
  const asterisk = await testAsterisk(t, { agents: [{ id: "anna", webrtcSecret: "anna-secret" }] });
  const { engine, listen } = await bench(t, { asteriskUrl: `http://127.0.0.1:${asterisk.ports.http}` });
  const host = await listen();
  const phone = new BrowserPhone(t, host);

  const challenge = await phone.ask("REGISTER");
  t.match(challenge, { status: 401 });
  t.match(header(challenge, "www-authenticate"), /^Digest /);
  const wrong = await phone.ask("REGISTER", answerTo(challenge, "a wrong secret"));
  t.match(wrong, { status: 401 });
  await engine.stop(); // and the phone is none the wiser
  const right = await phone.ask("REGISTER", answerTo(wrong, "anna-secret"));
  t.match(right, { status: 200 });
  t.match(await asterisk.ari("GET", "/endpoints/PJSIP/a-anna"), { state: "online" });

  t.equal((await fetch(`http://127.0.0.1:${asterisk.ports.http}/ari/channels`)).status, 401, "ARI is there");
  t.equal((await fetch(`http://${host}/ari/channels`)).status, 404);
  const { head } = await rawUpgrade(t, host, "/ari/events?app=x");
  t.match(head, /^HTTP\/1.1 404 /);
});
