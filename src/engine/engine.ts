import type { Logger } from "pino";
import { forgettable } from "../core/call/out-of-scope.ts";
import type { Effect } from "../core/effects.ts";
import { asKontaktlotsError, type KontaktlotsError } from "../core/errors.ts";
import type { CoreEvent, Found, LiveChannel } from "../core/events.ts";
import type { Fact } from "../core/facts.ts";
import { snapshotOf } from "../core/snapshot.ts";
import type { CoreState, Turn } from "../core/state.ts";
import { step } from "../core/step.ts";
import type { EventLog, LogEntry } from "../store/event-log.ts";
import type { Telephony, TelephonyListener, Unstamped } from "../telephony/telephony.ts";
import type { LookUp } from "./look-up.ts";
import type { Secrets } from "./secrets.ts";
import { Timers } from "./timers.ts";

export interface EngineOptions {
  /** State as the log left it. */
  readonly core: CoreState;
  readonly log: EventLog;
  readonly lastSeq: number;
  readonly logger: Logger;
  /** ms since the epoch; never running backwards. */
  readonly now: () => number;
  readonly telephony: (listener: TelephonyListener) => Telephony;
  /** Answers what the core asks and does not hold; never rejects. */
  readonly lookUp?: (effect: LookUp) => Promise<Found>;
  /** Keeps PINs and codes from core and log. */
  readonly secrets?: Secrets;
  /** How often what is to be forgotten goes from the log, ms. Default a minute. */
  readonly forgetEveryMs?: number;
  /** After each step: for views and captions. */
  readonly onTurn?: (event: CoreEvent, turn: Turn) => void;
  /** The line to Asterisk came (calls taken over) or went. */
  readonly onLine?: (state: "connected" | "away", problem?: KontaktlotsError) => void;
  /** Another engine decides now: this one must end. */
  readonly onReplaced: () => void;
}

/** Events that stand on the disk itself before anything follows from them, for at most `durableMs`. */
const durable: ReadonlySet<CoreEvent["type"]> = new Set(["key", "agent.outcome", "agent.done"]);
const durableMs = 20;
/** A snapshot is taken after this many inputs, so that a restart replays at most so many. */
const snapshotEvery = 2_000;
const beatEveryMs = 250;
/** When Asterisk could not be read back over a line that stands, it is tried again after this, ms. */
const takeOverAgainMs = 500;
const forgetEveryMs = 60_000;

/**
 * The loop: an event is stamped, logged and stepped; effects go out; timers and Asterisk bring the next event. Nothing here
 * decides, and nothing waits for the disk but keys, outcomes and the end of wrap-up.
 *
 *   starting ──line up, read back──▶ serving ──line lost──▶ away ──line up, read back──▶ serving
 *       └────────────────── replaced by another engine: silent for good ──────────────────┘
 */
export class Engine {
  readonly core: CoreState;
  readonly #options: EngineOptions;
  readonly #telephony: Telephony;
  readonly #timers: Timers;
  /** Effects of a call that wait for the disk, in order; later effects of that call line up behind. */
  readonly #held = new Map<string, Effect[]>();
  #seq: number;
  #inputs = 0;
  #serving = false;
  #silent = false;
  /** What Asterisk told while it was being read back. */
  #early: Unstamped[] = [];
  /** Rises as the line comes and goes: what was begun on an earlier one counts no more. */
  #line = 0;
  #takingOver: NodeJS.Timeout | undefined;
  #beat: NodeJS.Timeout | undefined;
  readonly #forgetting: NodeJS.Timeout;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.core = options.core;
    this.#seq = options.lastSeq;
    this.#timers = new Timers((timer) => {
      // While nobody serves they wait: see `#resumeTimers`.
      if (this.#serving) this.handle({ type: "timer", timer });
    });
    this.#forgetting = setInterval(() => this.#forget(), options.forgetEveryMs ?? forgetEveryMs);
    this.#telephony = options.telephony({
      event: (event) => {
        if (this.#serving) this.handle(event);
        else this.#early.push(event);
      },
      up: () => void this.#takeOver(++this.#line),
      down: (reason) => {
        this.#line += 1;
        clearTimeout(this.#takingOver);
        this.#serving = false;
        clearInterval(this.#beat);
        this.#options.onLine?.("away", reason);
      },
      replaced: () => this.#replaced(),
      problem: (error) => this.#problem(error),
    });
  }

  get serving(): boolean {
    return this.#serving;
  }

  /** Takes one event in. Everything it leads to has been asked for when this returns, but for what waits for the disk. */
  handle(unstamped: Unstamped): void {
    if (this.#silent) return;
    const stamped: CoreEvent = { ...unstamped, at: this.#options.now() };
    const event = this.#options.secrets?.hide(this.core, stamped) ?? stamped;
    const turn = step(this.core, event);
    this.#record(event, turn);
    if (durable.has(event.type)) this.#holdBack(turn.effects);
    else for (const effect of turn.effects) this.#perform(effect);
    this.#options.onTurn?.(event, turn);
  }

  async close(): Promise<void> {
    this.#serving = false;
    this.#silent = true;
    clearInterval(this.#beat);
    clearTimeout(this.#takingOver);
    this.#timers.clearAll();
    clearInterval(this.#forgetting);
    await this.#telephony.close();
    this.#snapshot();
    await this.#options.log.close();
  }

  /** After each start and reconnect: what Asterisk has is read, and only then is anything decided. */
  async #takeOver(line: number): Promise<void> {
    this.#early = [];
    let channels: LiveChannel[];
    try {
      channels = await this.#telephony.readBack();
    } catch (error) {
      this.#problem(asKontaktlotsError(error));
      // Of a line that stands nobody tells once more that it is there.
      if (line === this.#line && !this.#silent) this.#takingOver = setTimeout(() => void this.#takeOver(line), takeOverAgainMs);
      return;
    }
    if (this.#silent || line !== this.#line) return;
    this.#serving = true;
    this.#resumeTimers();
    this.handle({ type: "read-back", channels });
    // Some of these are in what was read; the core takes no event twice.
    for (const event of this.#early.splice(0)) this.handle(event);
    this.#telephony.beat(this.#options.now());
    clearInterval(this.#beat);
    this.#beat = setInterval(() => this.#telephony.beat(this.#options.now()), beatEveryMs);
    this.#options.onLine?.("connected");
  }

  /**
   * What became due while there was no engine, or no line to Asterisk, waits until Asterisk has been read back: whose ring time is over may have picked up in
   * its last second.
   */
  #resumeTimers(): void {
    const now = this.#options.now();
    for (const [timer, due] of this.core.timers) this.#timers.set(timer, due - now);
  }

  /** What nobody can tell after a kill is written at once: a caller's place, an agent's own choice, answers on a page. The rest is gathered. */
  #record(event: CoreEvent, turn: Turn): void {
    const entries: LogEntry[] = [entry(++this.#seq, "input", event)];
    for (const fact of turn.facts) entries.push(entry(++this.#seq, "fact", fact));
    this.#options.log.append(entries);
    if (event.type.startsWith("agent.") || event.type === "survey.answered" || turn.facts.some(isPromise))
      this.#options.log.flush();
    this.#inputs += 1;
    if (this.#inputs % snapshotEvery === 0) this.#snapshot();
  }

  #snapshot(): void {
    this.#options.log.saveSnapshot({ seq: this.#seq, json: snapshotOf(this.core) });
  }

  /** The snapshot first: no start replays what lies before it, so nothing is ever decided anew without knowing who called. */
  #forget(): void {
    const calls = this.#silent ? [] : forgettable(this.core);
    if (calls.length === 0) return;
    this.#snapshot();
    this.#options.log.erase(calls);
    this.handle({ type: "callers.forgotten", calls });
  }

  #perform(effect: Effect): void {
    const call = "call" in effect ? effect.call : undefined;
    const held = call === undefined ? undefined : this.#held.get(call);
    if (held) held.push(effect);
    else if (effect.do === "timer") this.#timers.set(effect.timer, effect.due - this.#options.now());
    else if (effect.do === "clear-timer") this.#timers.clear(effect.timer);
    else if (effect.do === "look-up") void this.#lookUp(effect);
    else if (effect.do === "play") this.#telephony.perform(this.#options.secrets?.speak(effect) ?? effect);
    else this.#telephony.perform(effect);
  }

  async #lookUp(effect: LookUp): Promise<void> {
    const result = (await this.#options.lookUp?.(effect)) ?? ({ is: "nothing" } as const);
    this.handle({ type: "found", call: effect.call, lookup: effect.lookup, result });
  }

  /** Speech ends at once all the same: nothing is promised by that. */
  #holdBack(all: readonly Effect[]): void {
    const isBegunHere = ({ call, playback }: Playback) =>
      all.some((effect) => effect.do === "play" && effect.call === call && effect.playback === playback);
    const ends = all.filter((effect) => effect.do === "stop-play" && !this.#held.has(effect.call) && !isBegunHere(effect));
    for (const effect of ends) this.#perform(effect);
    const effects = all.filter((effect) => !ends.includes(effect));
    const calls = new Set<string>();
    for (const effect of effects) {
      if ("call" in effect && !this.#held.has(effect.call)) {
        this.#held.set(effect.call, []);
        calls.add(effect.call);
      }
    }
    for (const effect of effects) this.#perform(effect);
    if (calls.size === 0) return;
    void this.#options.log.settled(this.#seq, durableMs).then(() => {
      for (const call of calls) {
        const held = this.#held.get(call) ?? [];
        this.#held.delete(call);
        if (!this.#silent) for (const effect of held) this.#perform(effect);
      }
    });
  }

  #replaced(): void {
    this.#silent = true;
    this.#serving = false;
    clearInterval(this.#beat);
    clearTimeout(this.#takingOver);
    clearInterval(this.#forgetting);
    this.#timers.clearAll();
    this.#options.onReplaced();
  }

  #problem(error: KontaktlotsError): void {
    this.#options.logger.warn({ code: error.code, details: error.details, err: error.cause }, error.line);
    if (!this.#serving) this.#options.onLine?.("away", error);
  }
}

type Playback = Extract<Effect, { do: "stop-play" }>;

/** What a caller has been promised: a place, or to be rung back. */
const isPromise = ({ type }: Fact): boolean => type === "call.queued" || type.startsWith("callback.");

function entry(seq: number, sort: "input" | "fact", what: { readonly at: number; readonly type: string }): LogEntry {
  const call = "call" in what && typeof what.call === "string" ? what.call : null;
  return { seq, at: what.at, sort, type: what.type, call, json: JSON.stringify(what) };
}
