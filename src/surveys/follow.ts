import type { Fact } from "../core/facts.ts";
import type { LogEntry, LogReader } from "../store/event-log.ts";
import type { NewSurvey, SurveyStore } from "../store/survey-port.ts";

type Wanted = Extract<Fact, { type: "survey.link-wanted" }>;
type Arrived = Extract<Fact, { type: "call.arrived" }>;

export interface FollowDeps {
  readonly reader: LogReader;
  readonly surveys: SurveyStore;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** Nobody wants to be asked of a call an hour ago: nor, should the file of surveys be lost, of all calls there ever were. */
const tooLateMs = 3_600_000;

/**
 * Takes over who wants a link, from what the log has come to hold since the last time; each call once: the position in the log is
 * kept with the surveys, in the same transaction. Errors: STORE_FAILED, STORE_FULL.
 */
export async function followSurveys(deps: FollowDeps): Promise<void> {
  const { reader, surveys } = deps;
  const after = await surveys.position();
  for await (const page of reader.read({ sort: "fact", types: ["survey.link-wanted"], after })) {
    const wanted = await Promise.all(page.map((entry) => surveyOf(entry, deps)));
    await surveys.take(
      page.at(-1)?.seq ?? after,
      wanted.filter((survey) => survey !== undefined),
    );
  }
}

async function surveyOf({ json }: LogEntry, { reader, now }: FollowDeps): Promise<NewSurvey | undefined> {
  const { call, group, language, questions, at } = JSON.parse(json) as Wanted;
  if (at < now() - tooLateMs) return undefined;
  for await (const [entry] of reader.read({ sort: "fact", types: ["call.arrived"], call })) {
    const to = entry && (JSON.parse(entry.json) as Arrived).from;
    if (to) return { call, group, language, questions, to, wantedAt: at };
  }
  // Who called is no longer to be known.
  return undefined;
}
