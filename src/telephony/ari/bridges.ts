import { randomBytes } from "node:crypto";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { parseLegId } from "../../core/call/ids.ts";
import { KontaktlotsError } from "../../core/errors.ts";
import { BridgePool, type StandingBridge } from "./bridge-pool.ts";
import type { AriReply } from "./link.ts";

export interface BridgeRequests {
  /** Those of one call, carried out in their order. */
  of(call: string): BridgeRequests;
  /** Rejects when Asterisk refuses. */
  send(method: "GET" | "POST", path: string): Promise<AriReply>;
  /** A refusal changes nothing. */
  ask(method: "POST" | "DELETE", path: string): void;
}

const seen = Type.Object({ channels: Type.Array(Type.String()) });

/** The pool's bridges in Asterisk, which does what is asked for one call in the order in which it was asked. */
export class Bridges {
  readonly #pool = new BridgePool(randomBytes(4).toString("hex"));
  readonly #requests: BridgeRequests;

  constructor(requests: BridgeRequests) {
    this.#requests = requests;
  }

  /** Brings both halves of a call together. Rejects when they are not. */
  async join(call: string, leg: string): Promise<void> {
    const { id, isNew } = this.#pool.take(call, leg);
    const requests = this.#requests.of(call);
    if (isNew) requests.ask("POST", `bridges/${id}?type=mixing`);
    const both = `${encodeURIComponent(call)},${encodeURIComponent(leg)}`;
    await requests.send("POST", `bridges/${id}/addChannel?channel=${both}&inhibitConnectedLineUpdates=true`);
    this.#pool.joined(call, id);
  }

  /** Brings one more leg in with those who talk already; they hear nothing of it. Rejects when there is no talk. */
  async joinOthers(call: string, leg: string): Promise<void> {
    const id = this.#pool.widen(call);
    if (id === undefined) throw new KontaktlotsError("ARI_REFUSED", `${call} has no bridge.`, "Its talk is over.");
    const path = `bridges/${id}/addChannel?channel=${encodeURIComponent(leg)}&inhibitConnectedLineUpdates=true`;
    await this.#requests.of(call).send("POST", path);
  }

  /** Asterisk told that a channel has left our application. */
  left(channel: string): void {
    this.#pool.left(channel);
  }

  /** Both halves are gone: the next call may have the bridge, if Asterisk says that nobody is in it. */
  free(call: string): void {
    const released = this.#pool.release(call);
    if (!released || released.is === "free") return;
    const { id, is } = released;
    const requests = this.#requests.of(call);
    if (is === "useless") return this.#delete(id, requests);
    requests
      .send("GET", `bridges/${id}`)
      .then(isEmpty)
      // What ails Asterisk is told when it does not end the bridge either.
      .catch(() => false)
      .then((empty) => {
        if (!this.#pool.looked(id, empty)) this.#delete(id, requests);
      });
  }

  /** Whoever is in the call's bridge is let go; what is asked of the caller's channel next finds it outside. */
  end(call: string): void {
    const id = this.#pool.drop(call);
    if (id === undefined) return;
    void this.#takeOut(id, call);
    this.#delete(id, this.#requests.of(call));
  }

  /** Of what stands in Asterisk, what stays standing. */
  takeOver(standing: readonly StandingBridge[]): StandingBridge[] {
    const useless = new Set(this.#pool.takeOver(standing));
    for (const { id, channels } of standing) {
      if (!useless.has(id)) continue;
      const callers = channels.filter((channel) => parseLegId(channel) === undefined);
      // Requests of several calls go over several lines.
      void Promise.all(callers.map((caller) => this.#takeOut(id, caller))).then(() => this.#delete(id));
    }
    return standing.filter(({ id }) => !useless.has(id));
  }

  /** The line is lost. */
  forget(): void {
    this.#pool.forget();
  }

  /** Ends the free ones; what is asked for here goes out before the line is closed. */
  close(): void {
    for (const id of this.#pool.close()) this.#delete(id);
  }

  /**
   * A bridge that is ended lets its channels go at its leisure, and what is to be played meanwhile is lost without a word: no
   * PlaybackFinished ever comes (`play_uri` in res_stasis_playback.c finds the bridge, and no channel in it). Taking a channel out is
   * done when it is answered. Refused: it is not in there.
   */
  async #takeOut(id: string, call: string): Promise<void> {
    const path = `bridges/${encodeURIComponent(id)}/removeChannel?channel=${encodeURIComponent(call)}`;
    // What ails Asterisk is told when it does not end the bridge either.
    await this.#requests
      .of(call)
      .send("POST", path)
      .catch(() => {});
  }

  #delete(id: string, requests = this.#requests): void {
    requests.ask("DELETE", `bridges/${encodeURIComponent(id)}`);
  }
}

function isEmpty({ body }: AriReply): boolean {
  const bridge: unknown = JSON.parse(body);
  return Value.Check(seen, bridge) && bridge.channels.length === 0;
}
