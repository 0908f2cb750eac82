import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Test } from "tap";
import { Journal } from "../../support/sip/journal.ts";

/** A manager interface in the test's hands: lets everybody in, and answers nothing else by itself. */
export class FakeAmi {
  readonly port: number;
  /** Each action that came, as the headers it had. */
  readonly actions = new Journal<Readonly<Record<string, string>>>("AMI actions", (action) => action["action"] ?? "?");
  /** While true nobody is let in: a connection stands, and nothing is answered. */
  silent = false;
  readonly #sockets = new Set<Socket>();
  /** Where an action came from: two clients may give theirs the same id. */
  readonly #from = new WeakMap<Readonly<Record<string, string>>, Socket>();

  static async open(t: Test): Promise<FakeAmi> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const fake = new FakeAmi((server.address() as AddressInfo).port);
    server.on("connection", (socket) => fake.#greet(socket));
    t.teardown(() => {
      fake.drop();
      server.close();
    });
    return fake;
  }

  private constructor(port: number) {
    this.port = port;
  }

  /** Ends every connection, in the middle of whatever is going on. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  answer(action: Readonly<Record<string, string>>, response: "Success" | "Error"): void {
    const id = action["actionid"];
    this.#from.get(action)?.write(`Response: ${response}\r\nActionID: ${id}\r\nMessage: said by the test\r\n\r\n`);
  }

  #greet(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => undefined);
    socket.write("Asterisk Call Manager/11.0.0\r\n");
    let text = "";
    socket.on("data", (part) => {
      text += part.toString();
      const blocks = text.split("\r\n\r\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) this.#take(block, socket);
    });
  }

  #take(block: string, socket: Socket): void {
    const lines = block.split("\r\n").map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    const action = Object.fromEntries(lines);
    this.#from.set(action, socket);
    if (action["action"]?.toLowerCase() === "login" && !this.silent) this.answer(action, "Success");
    this.actions.add(action);
  }
}
