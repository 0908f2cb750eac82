import type { KontaktlotsError } from "../../core/errors.ts";
import { type AriAddress, AriLink, type AriLinkListener, type AriReply } from "./link.ts";

/**
 * Asterisk carries out what comes over one line one after the other, and waits each time for the channel or bridge concerned: 8 ms for a call
 * in all, and several times that on a busy machine. So one line is full at some 75 calls a second, whatever processors there are.
 */
const callLines = 4;

/**
 * The lines to ARI: one hears the events and asks what belongs to no call, the others carry what is asked for calls. All that is asked for one
 * call goes over the same line, so it is carried out in its order. They are there together or not at all, so that what was lost with one shows
 * when Asterisk is read back.
 *
 *   down ──first line up──▶ opening ──all up──▶ up ──any one lost──▶ down
 */
export class AriLines {
  readonly #address: AriAddress;
  readonly #app: string;
  readonly #listener: AriLinkListener;
  readonly #first: AriLink;
  #calls: AriLink[] = [];
  #isUp = false;

  /** `apps`: the applications whose events are heard. */
  constructor(address: AriAddress, apps: readonly [string, ...string[]], listener: AriLinkListener) {
    this.#address = address;
    this.#app = apps[0];
    this.#listener = listener;
    this.#first = new AriLink(address, apps, {
      ...listener,
      up: () => this.#open(),
      down: (reason) => this.#lost(reason),
    });
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** As `AriLink.request`; `call`: whose request it is. */
  request(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown, call?: string): Promise<AriReply> {
    return this.#lineOf(call).request(method, path, body);
  }

  /** Ends the lines for good; what is pending is rejected. */
  async close(): Promise<void> {
    this.#isUp = false;
    await Promise.all([this.#first, ...this.#calls].map((line) => line.close()));
  }

  #open(): void {
    this.#calls = Array.from({ length: callLines }, (_, n) => {
      // A line must be an application's; this one has no channel, so nothing is told of it.
      return new AriLink(this.#address, [`${this.#app}-line-${n + 1}`], {
        up: () => this.#opened(),
        down: () => this.#first.drop(),
        event: () => {},
        problem: (error) => this.#listener.problem(error),
      });
    });
  }

  #opened(): void {
    if (this.#isUp || !this.#calls.every((line) => line.isUp)) return;
    this.#isUp = true;
    this.#listener.up();
  }

  #lost(reason: KontaktlotsError): void {
    for (const line of this.#calls.splice(0)) void line.close();
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#listener.down(reason);
  }

  #lineOf(call: string | undefined): AriLink {
    if (call === undefined) return this.#first;
    let hash = 0;
    for (let i = 0; i < call.length; i++) hash = (hash * 31 + call.charCodeAt(i)) % 65_521;
    return this.#calls[hash % callLines] ?? this.#first;
  }
}
