import t, { type Test } from "tap";
import type { Call } from "../support/sip/call.ts";
import { type Headers, header, isRequest, type SipMessage, type SipResponse, uriOf } from "../support/sip/message.ts";
import type { Phone } from "../support/sip/phone.ts";
import { token } from "../support/sip/wire.ts";
import { type TestSystem, testSystem } from "../support/system.ts";
import { otherThan } from "./hearing.ts";
import { bothHear, citizen, desk, directNumber, promptTones, talk, tonePlan } from "./people.ts";

/** What callers and agents hear of each other, and what the network may not do to a call. */

t.test("sound and its limits", async (t) => {
  const sys = await testSystem(t, { agents: { anna: ["b"] }, planDir: await tonePlan(t) });
  const anna = await desk(t, sys, "anna");
  const caller = await citizen(t, sys);
  let talks = 0;
  const over = async (...calls: readonly Call[]): Promise<void> => {
    for (const call of calls) await call.ended();
    await sys.facts("call.ended", ++talks);
    await sys.empty();
    await sys.agent("anna", (view) => view.state === "available");
  };

  await t.test("music ends before the agent is there, and never plays into the talk", async (t) => {
    await sys.command({ type: "pause", agent: "anna", reason: "break" });
    const call = await caller.dial(directNumber);
    await call.media.hears(promptTones["place-first"]);
    // The prompt is 0.5 s long; what is heard after it is music.
    await call.media.hearsSomething(call.media.heard.all.length + 30);
    await sys.command({ type: "available", agent: "anna" });
    const leg = await anna.nextCall();
    leg.media.play(1000);
    leg.pickUp();
    call.media.play(440);
    await leg.media.hears(440);
    await call.media.hears(1000);
    const from = call.media.heard.all.length;
    await call.media.heard.when("a second of talk", () => call.media.heard.all.length > from + 50);
    t.equal(otherThan(call, 1000, from), 0, "the caller hears the agent and nothing else");
    call.hangUp();
    await over(leg);
  });

  await t.test("the citizen's side holds: the talk goes on afterwards, and is not counted as the agent's hold", async (t) => {
    const { call, leg } = await talk(caller, anna);
    t.equal((await call.reinvite("sendonly")).status, 200);
    const from = leg.media.heard.all.length;
    await leg.media.hearsSomething(from);
    t.equal((await call.reinvite("sendrecv")).status, 200);
    await bothHear(call, leg);
    t.equal((await sys.agent("anna", () => true)).call?.phase, "talking");
    call.hangUp();
    await over(leg);
    t.equal((await sys.facts("call.talked", talks)).at(-1)?.holdMs, 0);
  });

  for (const [who, which] of [
    ["the agent's phone", "leg"],
    ["the network", "call"],
  ] as const) {
    await t.test(`a transfer that ${who} asks for (REFER) is refused, and the call goes on`, async (t) => {
      const both = await talk(caller, anna);
      const answer = await refer(which === "leg" ? anna : caller, both[which]);
      t.ok(answer.status >= 400, `${answer.status} ${answer.reason}`);
      await bothHear(both.call, both.leg);
      // The one that asked has numbered its requests ahead, so the other one hangs up.
      const [stays, goes] = which === "leg" ? [both.leg, both.call] : [both.call, both.leg];
      goes.hangUp();
      await over(stays);
    });
  }

  await t.test("a call without A-law is refused at once (488): nothing is ever transcoded", async (t) => {
    const refused = await inviteWith(caller, "m=audio 40000 RTP/AVP 0 18\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:18 G729/8000\r\n");
    t.equal(refused.status, 488);
    t.equal((await sys.facts("call.arrived", 0)).length, talks, "it never was a call");
    await sys.empty();
  });

  await t.test("A-law, and no other sound, is what both sides get", async (t) => {
    await aLawOnly(t, sys, caller, anna);
    talks += 1;
  });
});

async function aLawOnly(t: Test, sys: TestSystem, caller: Phone, anna: Phone): Promise<void> {
  const call = await caller.dial(directNumber);
  const leg = await anna.nextCall();
  leg.pickUp();
  for (const message of [await call.gets("200 INVITE"), leg.invitation]) {
    const formats = /^m=audio \d+ RTP\/AVP (.*)$/m
      .exec(message?.body ?? "")?.[1]
      ?.trim()
      .split(" ");
    t.equal(formats?.[0], "8", "A-law first");
    t.notOk(
      formats?.some((format) => ["0", "3", "9", "18"].includes(format)),
      `and nothing else: ${formats}`,
    );
  }
  call.hangUp();
  await leg.ended();
  await sys.empty();
}

/** Asks within the call's dialog for a transfer to another number (RFC 3515). */
async function refer(phone: Phone, call: Call): Promise<SipResponse> {
  const [last] = call.received.all
    .filter((message) => header(message, "CSeq").endsWith(call.invitation ? "ACK" : "INVITE"))
    .slice(-1);
  if (!last) throw new Error("There is no dialog.");
  // In what came from the other side, a request's To and a response's From are ours.
  const [ours, theirs] = isRequest(last) ? ["To", "From"] : ["From", "To"];
  const contact = header(call.invitation ?? last, "Contact");
  const lines: Headers = [
    ["From", header(last, ours)],
    ["To", header(last, theirs)],
    ["Call-ID", call.id],
    ["CSeq", "77 REFER"],
    ["Contact", phone.contact],
    ["Refer-To", `<sip:0846500400@${phone.wire.server.address}:${phone.wire.server.port}>`],
    ["Referred-By", phone.contact],
  ];
  return await phone.wire.request("REFER", uriOf(contact), lines, "", phone.login);
}

/** An INVITE whose sound is described by this. Resolves with the final response. */
async function inviteWith(phone: Phone, media: string): Promise<SipResponse> {
  const { address, server } = phone.wire;
  const uri = `sip:${directNumber}@${server.address}:${server.port}`;
  const lines = (method: string, to: string): Headers => [
    ["From", `<sip:0701740605@${address}>;tag=t1`],
    ["To", to],
    ["Call-ID", call],
    ["CSeq", `1 ${method}`],
    ["Contact", phone.contact],
  ];
  const call = token();
  const body = `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\n${media}`;
  return await phone.wire.request(
    "INVITE",
    uri,
    lines("INVITE", `<${uri}>`),
    body,
    phone.login,
    (response: SipMessage, branch) => {
      if (!isRequest(response) && response.status >= 300)
        phone.wire.sendOnce("ACK", uri, lines("ACK", header(response, "To")), "", branch);
    },
  );
}
