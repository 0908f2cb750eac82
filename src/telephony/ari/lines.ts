import type { KontaktlotsError } from "../../core/errors.ts";
import { type AriAddress, AriLink, type AriLinkListener, type AriReply } from "./link.ts";

/**
 * Asterisk carries out what comes over one line one after the other, and waits each time for the channel or bridge concerned: 8 ms for a call
 * in all, and several times that on a busy machine. So one line is full at some 75 calls a second, whatever processors there are.
 */
const callLines = 4;

/** The line that carries what is asked for a call, and how much of it may not have been carried out yet. */
interface Held {
  readonly line: AriLink;
  open: number;
}

/**
 * The lines to ARI: one hears the events and asks what belongs to no call, the heartbeat too, which must not wait for any channel. The others
 * carry what is asked for calls: the first on which nothing waits for its answer, else the one with least; so while there is little to do it is
 * one line, which wakes fewer threads on both sides than many would. What is asked for one call while its earlier requests are open goes over the
 * same line, so it is carried out in its order. They are there together or not at all, so that what was lost with one shows when Asterisk is
 * read back.
 *
 *   down ──first line up──▶ opening ──all up──▶ up ──any one lost──▶ down
 */
export class AriLines {
  readonly #address: AriAddress;
  readonly #app: string;
  readonly #listener: AriLinkListener;
  readonly #first: AriLink;
  #calls: AriLink[] = [];
  readonly #held = new Map<string, Held>();
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
    if (call === undefined) return this.#first.request(method, path, body);
    const held = this.#hold(call);
    const answer = held.line.request(method, path, body);
    answer.then(
      () => this.#letGo(call, held),
      // What was not answered in time may still be carried out: what follows it must not overtake it.
      ({ code }: KontaktlotsError) => code !== "ARI_TIMEOUT" && this.#letGo(call, held),
    );
    return answer;
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
    this.#held.clear();
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#listener.down(reason);
  }

  #hold(call: string): Held {
    let held = this.#held.get(call);
    if (!held) {
      held = { line: this.#leastBusy(), open: 0 };
      this.#held.set(call, held);
    }
    held.open += 1;
    return held;
  }

  #letGo(call: string, held: Held): void {
    held.open -= 1;
    if (held.open === 0 && this.#held.get(call) === held) this.#held.delete(call);
  }

  #leastBusy(): AriLink {
    return this.#calls.reduce((least, line) => (line.waiting < least.waiting ? line : least), this.#calls[0] ?? this.#first);
  }
}
