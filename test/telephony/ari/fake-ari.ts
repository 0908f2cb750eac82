import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Test } from "tap";
import { type WebSocket, WebSocketServer } from "ws";
import { Journal } from "../../support/sip/journal.ts";

/**
 * An ARI whose event line is in the test's hands. What is asked by plain HTTP goes on to a real Asterisk, whose own description
 * of ARI `ari-client` reads before anything else.
 */
export class FakeAri {
  /** Event lines that came: those refused, too. */
  readonly lines = new Journal<WebSocket | "refused">("event lines", (line) => (line === "refused" ? line : "open"));
  /** While true, event lines are refused. */
  refuses = false;
  /** What came over the event lines. */
  readonly requests = new Journal<string>("requests");
  readonly url: string;
  readonly #server: Server;

  static async open(t: Test, asterisk: string): Promise<FakeAri> {
    const server = createServer((question, answer) => passOn(question, answer, asterisk));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FakeAri(t, server);
  }

  private constructor(t: Test, server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const sockets = new WebSocketServer({ noServer: true });
    server.on("upgrade", (question, socket, head) => {
      if (this.refuses) {
        socket.destroy();
        this.lines.add("refused");
        return;
      }
      sockets.handleUpgrade(question, socket, head, (line) => {
        line.on("message", (data) => this.requests.add(String(data)));
        this.lines.add(line);
      });
    });
    t.teardown(() => {
      for (const line of this.lines.all) if (line !== "refused") line.terminate();
      this.#server.closeAllConnections();
      this.#server.close();
    });
  }

  /** The line number `n`, once it has come. */
  async line(n = 0): Promise<WebSocket> {
    const line = await this.lines.when("an event line", (one) => one !== "refused" && this.#open().indexOf(one) === n);
    return line as WebSocket;
  }

  #open(): (WebSocket | "refused")[] {
    return this.lines.all.filter((line) => line !== "refused");
  }
}

function passOn(question: IncomingMessage, answer: ServerResponse, asterisk: string): void {
  const { method, headers, url = "" } = question;
  const onward = request(new URL(url, asterisk), { method, headers }, (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(answer);
  });
  onward.on("error", () => answer.destroy());
  question.pipe(onward);
}
