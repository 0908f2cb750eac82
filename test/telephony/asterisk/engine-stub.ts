import { once } from "node:events";
import type { Test } from "tap";
import type { TestAsterisk } from "../../support/asterisk.ts";
import { Journal } from "../../support/sip/journal.ts";

export type AriEvent = {
  readonly type: string;
  readonly args?: readonly string[];
  readonly digit?: string;
  readonly cause?: number;
  readonly channel?: {
    readonly id: string;
    readonly name: string;
    readonly state: string;
    readonly caller: { readonly number: string };
  };
};

/** As much of an engine as the dialplan sees: an application that listens, and a heartbeat. */
export class EngineStub {
  readonly events = new Journal<AriEvent>("ARI", (event) => event.type);
  readonly #asterisk: TestAsterisk;
  #socket: WebSocket | undefined;
  #beat: NodeJS.Timeout | undefined;

  constructor(t: Test, asterisk: TestAsterisk) {
    this.#asterisk = asterisk;
    t.teardown(() => {
      this.freeze();
      this.#socket?.close();
    });
  }

  /** Listens, and lets its heart beat. */
  async live(): Promise<void> {
    await this.listen();
    await this.beat();
  }

  async listen(): Promise<void> {
    const { ari, app } = this.#asterisk.instance;
    const query = new URLSearchParams({ app, api_key: `${ari.username}:${ari.password}` });
    this.#socket = new WebSocket(`${ari.url.replace("http", "ws")}/events?${query}`);
    this.#socket.addEventListener("message", ({ data }) => this.events.add(JSON.parse(String(data)) as AriEvent));
    await once(this.#socket, "open");
  }

  async beat(at = (): number => Date.now()): Promise<void> {
    const send = (): Promise<unknown> =>
      this.#asterisk.ari("POST", "/asterisk/variable", { variable: "KL_BEAT", value: String(at()) });
    await send();
    this.#beat = setInterval(() => void send().catch(() => undefined), 250);
  }

  /** The heart stops; the socket stays open, as with a frozen process. */
  freeze(): void {
    clearInterval(this.#beat);
  }

  async arrival(from = 0): Promise<AriEvent & { readonly channel: NonNullable<AriEvent["channel"]> }> {
    const event = await this.events.when("StasisStart", ({ type }) => type === "StasisStart", from);
    if (event.channel === undefined) throw new Error("StasisStart without a channel");
    return { ...event, channel: event.channel };
  }

  async key(from = 0): Promise<string | undefined> {
    return (await this.events.when("a key", ({ type }) => type === "ChannelDtmfReceived", from)).digit;
  }
}
