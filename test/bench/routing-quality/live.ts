import { agentFor, callFor } from "../../../src/core/routing/choose.ts";
import { plainLadder } from "../../../src/core/routing/ladder.ts";
import { add, busy, createRouter, free, observeAsk, remove, setAgent } from "../../../src/core/routing/router.ts";
import { arrivalRates } from "../../../src/core/routing/scarcity.ts";
import type { SystemMaker } from "./simulate.ts";
import type { Call, Deal } from "./world.ts";

/** The router of the live engine: each need a group of its own, everybody of one line and one language. */
export const live: SystemMaker = (deal: Deal) => {
  const group = (need: number): string => `g${need}`;
  const router = createRouter(
    deal.shares.map((_, need) => ({ id: group(need), ladder: plainLadder, answerTargetMs: 60_000, preferMs: 0 })),
    arrivalRates(0),
  );
  const waiting = new Map<string, Call>();
  let came = 0;
  let idle = 0;
  for (const [agent, needs] of deal.needsOf.entries()) {
    const skills = needs.map((need) => ({ group: group(need), level: 3, line: 1 }) as const);
    setAgent(router, `${agent}`, { skills, languages: { sv: "native" }, districts: [], site: "" });
    free(router, `${agent}`, ++idle);
  }
  return {
    arrive(call) {
      const at = call.at * 1000;
      const ask = { group: group(call.need), languages: ["sv"], priority: "normal" } as const;
      const order = came++;
      const place = { id: `${order}`, ask, since: at, order, keptUntil: at };
      observeAsk(router, ask, at);
      const choice = agentFor(router, place, at);
      if (choice) {
        busy(router, choice.agent);
        return Number(choice.agent);
      }
      waiting.set(place.id, call);
      add(router, place);
      return undefined;
    },
    freed(agent, at) {
      free(router, `${agent}`, ++idle);
      const choice = callFor(router, `${agent}`, at * 1000);
      const call = choice && waiting.get(choice.call);
      if (!choice || !call) return undefined;
      waiting.delete(choice.call);
      remove(router, choice.call);
      busy(router, `${agent}`);
      return call;
    },
  };
};
