import { nodeOf } from "../menu/walk.ts";
import type { EntryNumber, Plan } from "../plan/plan.ts";
import type { CoreState } from "../state.ts";

/**
 * How many calls are in menus and queues besides the one that comes, when those are as many as the plan lets in; else undefined.
 * Callbacks are none of them: nobody is on a line. Urgent numbers, and the one where staff set announcements, are let in always.
 */
export function beyondAdmission(core: CoreState, plan: Plan, { start }: EntryNumber): number | undefined {
  const limit = plan.admission?.calls ?? Number.POSITIVE_INFINITY;
  // The call that comes is one of them.
  if (core.calls.size <= limit) return undefined;
  if (start.to === "group" && start.priority === "urgent") return undefined;
  if (start.to === "node" && nodeOf(plan, start.node)?.kind === "announce") return undefined;
  let calls = -1;
  for (const { stage, callerGone, absent } of core.calls.values()) {
    if (!callerGone && absent === undefined && (stage.name === "menu" || stage.name === "queue")) calls++;
  }
  return calls >= limit ? calls : undefined;
}
