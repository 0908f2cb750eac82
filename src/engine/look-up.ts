import { rm } from "node:fs/promises";
import type { Logger } from "pino";
import type { Effect, Query } from "../core/effects.ts";
import { asKontaktlotsError } from "../core/errors.ts";
import type { Found } from "../core/events.ts";
import type { CoreState } from "../core/state.ts";
import type { Account } from "../store/accounts.ts";
import type { Announcer } from "./announcer.ts";
import { PinGuard } from "./pin-guard.ts";

export type LookUp = Extract<Effect, { do: "look-up" }>;

export interface LookUpDeps {
  readonly core: CoreState;
  readonly now: () => number;
  readonly log: Logger;
  readonly announcer: Announcer;
  readonly checkPin: (digits: string) => Promise<Account | undefined>;
  /** The file of what was recorded in a call. */
  readonly recording: (call: string, recording: number) => string;
}

/** Answers what the core asks and does not hold. Never rejects: what fails is told in the log, and nothing was found. */
export function createLookUp(deps: LookUpDeps): (effect: LookUp) => Promise<Found> {
  const guard = new PinGuard(deps.now, deps.log);
  return async ({ call, query }) => {
    try {
      return await answer(deps, guard, call, query);
    } catch (thrown) {
      const error = asKontaktlotsError(thrown);
      deps.log.error({ code: error.code, call, asked: query.for, err: error.cause }, error.line);
      return { is: "nothing" };
    }
  };
}

async function answer(deps: LookUpDeps, guard: PinGuard, call: string, query: Query): Promise<Found> {
  switch (query.for) {
    case "pin": {
      const line = deps.core.calls.get(call)?.from ?? "withheld";
      const who = await guard.admit(line, async () => {
        const account = await deps.checkPin(query.digits);
        return account?.roles.some((role) => role === "lead" || role === "admin") ? account.user : undefined;
      });
      return who === undefined ? { is: "nothing" } : { is: "admitted", who };
    }
    case "publish": {
      const file = deps.recording(call, query.recording);
      const [main = "sv"] = deps.core.plan?.languages ?? [];
      const { until, who } = query;
      await deps.announcer.publish({ where: "all", texts: {}, recordings: { [main]: file }, until, alsoWaiting: true, by: who });
      await rm(file, { force: true }); // its sound is kept with the announcement
      return { is: "published" };
    }
    default:
      return { is: "nothing" };
  }
}
