import { KontaktlotsError } from "../core/errors.ts";
import type { GroupId } from "../core/plan/plan.ts";
import type { Ask } from "../core/routing/types.ts";
import { secondLineOf } from "../plans/build-routing.ts";
import type { Report } from "../plans/problem.ts";
import type { LogReader } from "../store/event-log.ts";
import { openSqliteReader } from "../store/sqlite/reader.ts";
import { agentsOf, rulesOf } from "./build.ts";
import type { Arrivals, SimCall } from "./call.ts";
import { checkReach, knownIn } from "./check.ts";
import { type Comparison, compare } from "./compare.ts";
import { type Distribution, exponential, fixed, never, samplerOf } from "./distribution.ts";
import { readDraft, type TextFile } from "./load.ts";
import { Random } from "./random.ts";
import { type RecordedCall, type Recording, readRecording } from "./recorded.ts";
import type { Scenario, ScenarioGroup } from "./scenario.ts";
import type { DraftDocument } from "./schema.ts";

const dayMs = 86_400_000;
const day = { from: "08:00", to: "17:00" };

/**
 * A recorded log against a draft: its calls come when and as they came, with the talk and wrap-up they had, and meet the draft's
 * agents and rules. Patience is known of those who gave up; the others were more patient than they had to be, see `patienceOf`.
 *
 * @throws STORE_FAILED when the log cannot be read; SCENARIO_INVALID when it holds no calls or the draft does not fit it.
 */
export async function compareLog(file: string, draft: TextFile, seed: number, clock: () => number): Promise<Comparison> {
  const reader = openSqliteReader({ file });
  try {
    return await compareRecording(reader, file, draft, seed, clock);
  } finally {
    await reader.close();
  }
}

/** The same for any reader; `name` is the log's name for people. */
export async function compareRecording(
  reader: LogReader,
  name: string,
  draft: TextFile,
  seed: number,
  clock: () => number,
): Promise<Comparison> {
  const recording = await readRecording(reader);
  const { calls } = recording;
  if (calls.length === 0)
    throw new KontaktlotsError(
      "SCENARIO_INVALID",
      `The log ${name} holds no call that waited for an agent.`,
      "Name a log with calls.",
    );
  const scenario = readDraft(draft, (document, report) => scenarioOf(name, recording, document, report));
  return compare(scenario, seed, clock, () => new Replay(scenario, calls, seed));
}

function scenarioOf(name: string, { calls, plan }: Recording, draft: DraftDocument, report: Report): Scenario {
  const [first, last] = [calls[0], calls.at(-1)];
  const firstDay = Math.floor((first?.at ?? 0) / dayMs) * dayMs;
  const ids = [...new Set(calls.map(({ group }) => group))];
  const group = knownIn("group", [...new Set([...ids, ...Object.keys(plan?.groups ?? {})])], report);
  for (const [id, rules] of Object.entries(draft.groups ?? {})) {
    group(id, ["groups", id], "name");
    for (const [index, step] of (rules.ladder ?? []).entries())
      for (const [place, neighbour] of (step.neighbours ?? []).entries())
        group(neighbour, ["groups", id, "ladder", String(index), "neighbours", String(place)]);
  }
  for (const [index, { skills }] of (draft.agents ?? []).entries())
    for (const skill of Object.keys(skills)) group(skill, ["agents", String(index), "skills", skill], "name");
  if (!draft.agents) report.error(["agents"], "A draft for a log has to say who works.", "Add agents: a list of teams.", "name");
  const openDays = new Set(calls.map(({ at }) => Math.floor((at - firstDay) / dayMs)));
  const scenario: Scenario = {
    id: "log",
    name: { sv: `Loggen ${name}`, en: `The log ${name}` },
    about: {
      sv: "Samtalen kommer som de kom; utkastets handläggare och regler möter dem.",
      en: "Calls come as they came, and meet the draft's agents and rules.",
    },
    firstDay,
    days: Math.floor(((last?.at ?? firstDay) - firstDay) / dayMs) + 1,
    isOpen: (index) => openDays.has(index),
    languages: [...new Set(calls.map(({ language }) => language))],
    groups: ids.map((id) => groupOf(id, calls, plan, draft)),
    agents: agentsOf(draft.agents ?? [], day),
    bursts: [],
    ring: { answer: exponential(5000), missed: 0, pauseMs: 0 },
  };
  if (draft.agents) checkReach(scenario, report);
  return scenario;
}

function groupOf(id: GroupId, all: readonly RecordedCall[], plan: Recording["plan"], draft: DraftDocument): ScenarioGroup {
  const calls = all.filter(({ group }) => group === id);
  const planned = plan?.groups[id];
  const set = { ...draft["group-defaults"], ...draft.groups?.[id] };
  const drafted = rulesOf(id, set);
  const share = <T>(of: (call: RecordedCall) => T) =>
    [...Map.groupBy(calls, of)].map(([value, some]) => ({ value, share: some.length / calls.length }));
  return {
    id,
    name: planned?.name ?? { sv: id, en: id },
    rules: {
      ...drafted,
      ladder: set.ladder || !planned ? drafted.ladder : planned.ladder,
      answerTargetMs: set["answer-target-seconds"] || !planned ? drafted.answerTargetMs : planned.answerTargetMs,
      preferMs: set["prefer-seconds"] !== undefined || !planned ? drafted.preferMs : planned.preferMs,
    },
    ...(planned?.secondLine ? { secondLine: planned.secondLine } : {}),
    ...(set["second-line"] ? { secondLine: secondLineOf(set["second-line"]) } : {}),
    ringMs: set["ring-seconds"] ? set["ring-seconds"] * 1000 : (planned?.ringMs ?? 20_000),
    shortAbandonMs:
      set["short-abandon-seconds"] !== undefined ? set["short-abandon-seconds"] * 1000 : (planned?.shortAbandonMs ?? 5_000),
    callsPerDay: calls.length,
    spread: [],
    weekdays: [],
    mix: { languages: share(({ language }) => language), districts: share(({ district }) => district), urgent: 0, returning: 0 },
    talk: recordedOr(calls, ({ talkMs }) => talkMs, exponential(240_000)),
    wrapUp: recordedOr(calls, ({ wrapUpMs }) => wrapUpMs, fixed(0)),
    patience: patienceOf(all),
  };
}

function recordedOr(
  calls: readonly RecordedCall[],
  of: (call: RecordedCall) => number | undefined,
  otherwise: Distribution,
): Distribution {
  const values = calls.flatMap((call) => of(call) ?? []);
  return values.length === 0 ? otherwise : { kind: "recorded", values };
}

/**
 * How long callers are ready to wait, from waits that an answer cut short: exponential, with all time waited divided by the number
 * who gave up, which is the most likely mean under such censoring (E. L. Kaplan, P. Meier, JASA 53, 1958, section 5).
 */
function patienceOf(calls: readonly RecordedCall[]): Distribution {
  const gaveUp = calls.filter((call) => call.gaveUp).length;
  const waited = calls.reduce((sum, { waitedMs }) => sum + waitedMs, 0);
  return gaveUp === 0 || waited === 0 ? never : exponential(waited / gaveUp);
}

/** The recorded calls once more. What the log cannot tell is drawn: the talk of those who gave up, the patience of the others. */
class Replay implements Arrivals {
  readonly #scenario: Scenario;
  readonly #calls: readonly RecordedCall[];
  readonly #random: Random;
  readonly #samplers;
  #next = 0;

  constructor(scenario: Scenario, calls: readonly RecordedCall[], seed: number) {
    this.#scenario = scenario;
    this.#calls = calls;
    this.#random = new Random(seed, "log");
    this.#samplers = scenario.groups.map(
      ({ talk, wrapUp, patience }) => [samplerOf(talk), samplerOf(wrapUp), samplerOf(patience)] as const,
    );
  }

  get due(): number {
    return this.#calls[this.#next]?.at ?? Number.POSITIVE_INFINITY;
  }

  take(into: SimCall): void {
    const call = this.#calls[this.#next++];
    if (!call) return;
    into.since = call.at;
    into.group = this.#scenario.groups.findIndex(({ id }) => id === call.group);
    into.language = this.#scenario.languages.indexOf(call.language);
    into.ask = askOf(call);
    const [talk, wrapUp, patience] = this.#samplers[into.group] ?? [];
    // Each draws every time, so that one call's fate does not shift the next one's numbers.
    const drawn = { talk: talk?.(this.#random) ?? 0, wrapUp: wrapUp?.(this.#random) ?? 0, more: patience?.(this.#random) ?? 0 };
    into.luck = this.#random.whole();
    into.talkMs = call.talkMs ?? drawn.talk;
    into.wrapUpMs = call.talkMs === undefined ? drawn.wrapUp : (call.wrapUpMs ?? 0);
    // Exponential patience forgets: who has waited so long is as patient as at the start.
    into.patienceMs = call.waitedMs + (call.gaveUp ? 0 : drawn.more);
  }
}

function askOf({ group, language, priority, district, preferred }: RecordedCall): Ask {
  return {
    group,
    languages: [language],
    priority,
    ...(district === undefined ? {} : { district }),
    ...(preferred === undefined ? {} : { preferred }),
  };
}
