import { rm } from "node:fs/promises";
import type { Logger } from "pino";
import type { Effect, Query } from "../core/effects.ts";
import { asKontaktlotsError } from "../core/errors.ts";
import type { Found, Officer } from "../core/events.ts";
import type { CoreState } from "../core/state.ts";
import { dayOf } from "../core/time/civil.ts";
import type { Account } from "../store/accounts.ts";
import type { MatterStore } from "../store/matter-port.ts";
import type { OfficerDirectory, PresentOfficer } from "../store/officer-port.ts";
import type { Announcer } from "./announcer.ts";
import { PinGuard } from "./pin-guard.ts";
import type { Secrets } from "./secrets.ts";

export type LookUp = Extract<Effect, { do: "look-up" }>;

export interface LookUpDeps {
  readonly core: CoreState;
  readonly now: () => number;
  readonly log: Logger;
  readonly announcer: Announcer;
  readonly officers: Pick<OfficerDirectory, "findExtension">;
  readonly matters: Pick<MatterStore, "statusFor" | "reserve">;
  readonly secrets: Secrets;
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
      const pin = deps.secrets.take(call, query.pin);
      const who = await guard.admit(line, async () => {
        const account = await deps.checkPin(pin);
        return account?.roles.some((role) => role === "lead" || role === "admin") ? account.user : undefined;
      });
      return who === undefined ? { is: "nothing" } : { is: "admitted", who };
    }
    case "publish": {
      const file = deps.recording(call, query.recording);
      const [main = "sv"] = deps.core.plan?.languages ?? [];
      const { until, who } = query;
      const recordings = { [main]: file };
      // Its sound is kept with the announcement; one that could not be published is recorded anew.
      await deps.announcer
        .publish({ where: "all", texts: {}, recordings, until, alsoWaiting: true, by: who })
        .finally(() => rm(file, { force: true }));
      return { is: "published" };
    }
    case "extension": {
      const found = await deps.officers.findExtension(query.digits, deps.now());
      return found ? { is: "officer", officer: officerOf(found) } : { is: "nothing" };
    }
    case "matter": {
      const status = await deps.matters.statusFor(query.number, deps.secrets.take(call, query.code), deps.now());
      return status ? { is: "matter", status } : { is: "nothing" };
    }
    case "matter-made": {
      const year = Number(dayOf(deps.now(), deps.core.plan?.timezone ?? "UTC").slice(0, 4));
      deps.secrets.tell(call, await deps.matters.reserve(call, query.recording, year));
      return { is: "matter-made" };
    }
  }
}

function officerOf({ id, name, number, absence, colleague, group }: PresentOfficer): Officer {
  return {
    ...{ id, name, number },
    ...(absence === undefined ? {} : { absence }),
    ...(colleague === undefined ? {} : { colleague }),
    ...(group === undefined ? {} : { group }),
  };
}
