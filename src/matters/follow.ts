import type { Fact } from "../core/facts.ts";
import { dayOf } from "../core/time/civil.ts";
import { followLog } from "../outbox/follow.ts";
import type { LogReader } from "../store/event-log.ts";
import type { MatterStore, NewMatter } from "../store/matter-port.ts";

/** Facts that leave a matter behind. The last: nobody was reached in as many attempts as the plan has. */
const types = ["call.message", "callback.failed"] as const;
type Left = Extract<Fact, { type: (typeof types)[number] }>;

export interface FollowDeps {
  readonly reader: LogReader;
  readonly store: MatterStore;
  /** IANA name: a matter's number begins with the year at the city. */
  readonly timezone: string;
  /** Whom to write to of a matter; undefined: nobody. */
  readonly mailTo: (about: { readonly group: string; readonly officer?: string }) => Promise<string | undefined>;
}

/** Makes matters from what the log has come to hold since the last time, one of each fact. Errors: STORE_FAILED, STORE_FULL. */
export async function followMatters({ reader, store, timezone, mailTo }: FollowDeps): Promise<void> {
  const made = async (fact: Left) => {
    const matter = await matterOf(fact, mailTo);
    return { year: Number(dayOf(matter.createdAt, timezone).slice(0, 4)), matter };
  };
  await followLog({ reader, store, types, made });
}

async function matterOf(fact: Left, mailTo: FollowDeps["mailTo"]): Promise<NewMatter> {
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
