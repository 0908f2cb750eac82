import type { CoreEvent } from "../core/events.ts";
import type { Fact } from "../core/facts.ts";
import type { GroupId, Language, Plan, Priority } from "../core/plan/plan.ts";
import { offsetAt } from "../core/time/offset.ts";
import type { LogReader } from "../store/event-log.ts";

/** A call as the log tells it: what the caller asked, and what became of it. Times in ms, moments on the city's clock. */
export interface RecordedCall {
  readonly at: number;
  readonly group: GroupId;
  readonly language: Language;
  readonly priority: Priority;
  readonly district: string | undefined;
  readonly preferred: string | undefined;
  /** How long the caller waited, and whether they gave up then: if not, their patience was longer. */
  waitedMs: number;
  gaveUp: boolean;
  /** undefined when nobody answered. */
  talkMs: number | undefined;
  wrapUpMs: number | undefined;
}

export interface Recording {
  readonly calls: readonly RecordedCall[];
  /** The plan in force at the end. */
  readonly plan: Plan | undefined;
}

const wanted = ["call.queued", "call.answered", "call.abandoned", "call.talked", "call.wrapped-up"] as const;
type Wanted = Extract<Fact, { type: (typeof wanted)[number] }>;

/**
 * The calls of a log, in order of arrival. One that enters another group's queue without having been answered stays one call, with
 * what it first asked; one that is transferred after an answer is a new one.
 */
export async function readRecording(reader: LogReader): Promise<Recording> {
  let plan: Plan | undefined;
  for await (const page of reader.read({ sort: "input", types: ["plan.set"] })) {
    for (const { json } of page) plan = (JSON.parse(json) as Extract<CoreEvent, { type: "plan.set" }>).plan;
  }
  const timezone = plan?.timezone ?? "Europe/Stockholm";
  const calls: RecordedCall[] = [];
  const open = new Map<string, RecordedCall>();
  const talked = new Map<string, RecordedCall>();
  for await (const page of reader.read({ sort: "fact", types: [...wanted] })) {
    for (const { json } of page) take(JSON.parse(json) as Wanted);
  }
  return { calls, plan };

  function take(fact: Wanted): void {
    if (fact.type === "call.queued") {
      if (!open.has(fact.call)) open.set(fact.call, begun(fact, timezone, calls));
      return;
    }
    const waits = open.get(fact.call);
    if (fact.type === "call.answered" || fact.type === "call.abandoned") {
      if (!waits) return;
      open.delete(fact.call);
      waits.waitedMs = fact.waitedMs;
      waits.gaveUp = fact.type === "call.abandoned";
      if (fact.type === "call.answered") talked.set(fact.call, waits);
      return;
    }
    const call = talked.get(fact.call);
    if (!call) return;
    if (fact.type === "call.talked") call.talkMs = fact.talkMs;
    else {
      call.wrapUpMs = fact.wrapUpMs;
      talked.delete(fact.call);
    }
  }
}

function begun(fact: Extract<Fact, { type: "call.queued" }>, timezone: string, calls: RecordedCall[]): RecordedCall {
  const call: RecordedCall = {
    at: fact.at + offsetAt(fact.at, timezone),
    group: fact.group,
    language: fact.language,
    priority: fact.priority ?? "normal",
    district: fact.district,
    preferred: fact.preferred,
    waitedMs: 0,
    gaveUp: false,
    talkMs: undefined,
    wrapUpMs: undefined,
  };
  calls.push(call);
  return call;
}
