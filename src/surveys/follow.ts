import type { Fact } from "../core/facts.ts";
import { followLog } from "../outbox/follow.ts";
import type { LogReader } from "../store/event-log.ts";
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

/** Takes over who wants a link, from what the log has come to hold since the last time. Errors: STORE_FAILED, STORE_FULL. */
export async function followSurveys({ reader, surveys, now }: FollowDeps): Promise<void> {
  const made = (fact: Wanted) => surveyOf(fact, reader, now());
  await followLog({ reader, store: surveys, types: ["survey.link-wanted"], made });
}

async function surveyOf(wanted: Wanted, reader: LogReader, now: number): Promise<NewSurvey | undefined> {
  const { call, group, language, questions, at } = wanted;
  if (at < now - tooLateMs) return undefined;
  for await (const [entry] of reader.read({ sort: "fact", types: ["call.arrived"], call })) {
    const to = entry && (JSON.parse(entry.json) as Arrived).from;
    if (to) return { call, group, language, questions, to, wantedAt: at };
  }
  // Who called is no longer to be known.
  return undefined;
}
