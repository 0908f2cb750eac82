import { nodeOf } from "../menu/walk.ts";
import type { EntryNumber, Plan } from "../plan/plan.ts";
import type { CoreState } from "../state.ts";

/**
 * How many calls are in menus and queues besides the one that comes, when those are as many as the plan lets in; else undefined.
 * Callbacks are none of them: nobody is on a line. Some numbers are let in always.
 */
export function beyondAdmission(core: CoreState, plan: Plan, entry: EntryNumber): number | undefined {
  const limit = plan.admission?.calls ?? Number.POSITIVE_INFINITY;
  // The call that comes is one of them.
  if (core.calls.size <= limit) return undefined;
  if (!holdsFor(plan, entry)) return undefined;
  let calls = -1;
  for (const { stage, callerGone, absent } of core.calls.values()) {
    if (!callerGone && absent === undefined && (stage.name === "menu" || stage.name === "queue")) calls++;
  }
  return calls >= limit ? calls : undefined;
}

/** As the number says, or the menu where it starts; else for all but urgent ones, and the one where staff set announcements. */
function holdsFor(plan: Plan, { start, admission }: EntryNumber): boolean {
  const node = start.to === "node" ? nodeOf(plan, start.node) : undefined;
  const said = admission ?? (node?.kind === "menu" ? node.admission : undefined);
  const isUrgent = start.to === "group" && start.priority === "urgent";
  return said ?? !(isUrgent || node?.kind === "announce");
}
