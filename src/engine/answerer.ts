import type { Query } from "../core/effects.ts";
import { asKontaktlotsError, type KontaktlotsError } from "../core/errors.ts";
import type { Found, Officer } from "../core/events.ts";
import type { MatterStore } from "../store/matter-port.ts";
import type { OfficerDirectory, PresentOfficer } from "../store/officer-port.ts";

export interface AnswererDeps {
  readonly officers: Pick<OfficerDirectory, "findExtension">;
  readonly matters: Pick<MatterStore, "statusFor">;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly problem: (error: KontaktlotsError) => void;
}

/** Answers what the core asks of stores. Each question has one answer; when a store fails it is "nothing", and the problem is told. */
export function createAnswerer(deps: AnswererDeps): (query: Query) => Promise<Found> {
  return async (query) => {
    try {
      return await answer(query, deps);
    } catch (thrown) {
      deps.problem(asKontaktlotsError(thrown));
      return { is: "nothing" };
    }
  };
}

async function answer(query: Query, { officers, matters, now }: AnswererDeps): Promise<Found> {
  switch (query.for) {
    case "extension": {
      const found = await officers.findExtension(query.digits, now());
      return found ? { is: "officer", officer: officerOf(found) } : { is: "nothing" };
    }
    case "matter": {
      const status = await matters.statusFor(query.number, query.code, now());
      return status ? { is: "matter", status } : { is: "nothing" };
    }
    case "pin":
      return { is: "nothing" };
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
