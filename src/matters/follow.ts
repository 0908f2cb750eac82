import type { Fact } from "../core/facts.ts";
import type { GroupId, PhoneNumber } from "../core/plan/plan.ts";
import { dayOf } from "../core/time/civil.ts";
import type { LogEntry, LogReader } from "../store/event-log.ts";
import type { Matter, MatterStore, NewMatter } from "../store/matter-port.ts";

/** Facts that leave a matter behind. */
const wanted = ["call.message", "callback.failed"] as const;
type Left =
  | Extract<Fact, { type: "call.message" }>
  /** Nobody was reached in as many attempts as the plan has. */
  | {
      readonly type: "callback.failed";
      readonly at: number;
      readonly call: string;
      readonly group: GroupId;
      readonly number: PhoneNumber;
    };

export interface FollowDeps {
  readonly reader: LogReader;
  readonly store: MatterStore;
  /** IANA name: a matter's number begins with the year at the city. */
  readonly timezone: string;
  /** Whom to write to of a matter; undefined: nobody. */
  readonly mailTo: (about: { readonly group: string; readonly officer?: string }) => Promise<string | undefined>;
}

/**
 * Makes matters from what the log has come to hold since the last time. Each fact becomes one matter, once: the position in the
 * log is kept with the matters, in the same transaction. Returns the new ones. Errors: STORE_FAILED, STORE_FULL.
 */
export async function followLog({ reader, store, timezone, mailTo }: FollowDeps): Promise<Matter[]> {
  const made: Matter[] = [];
  const after = await store.position();
  for await (const page of reader.read({ sort: "fact", types: wanted, after })) {
    const matters = await Promise.all(page.map(async (entry) => dated(await matterOf(entry, mailTo), timezone)));
    made.push(...(await store.take(page.at(-1)?.seq ?? after, matters)));
  }
  return made;
}

async function matterOf({ json }: LogEntry, mailTo: FollowDeps["mailTo"]): Promise<NewMatter> {
  const fact = JSON.parse(json) as Left;
  const { group, call, at } = fact;
  if (fact.type === "callback.failed") {
    const to = await mailTo({ group });
    const matter = { kind: "callback-failed", createdAt: at, group, from: fact.number, call } as const;
    return to === undefined ? matter : { ...matter, mailTo: to };
  }
  const { officer, from, recording, ms } = fact;
  const to = await mailTo(officer === undefined ? { group } : { group, officer });
  return {
    ...{ kind: "message", createdAt: at, group, from, call, recording: { n: recording, ms } },
    ...(officer === undefined ? {} : { officer }),
    ...(to === undefined ? {} : { mailTo: to }),
  };
}

const dated = (matter: NewMatter, timezone: string) => ({
  year: Number(dayOf(matter.createdAt, timezone).slice(0, 4)),
  matter,
});
