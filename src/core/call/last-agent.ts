import type { PhoneNumber } from "../plan/plan.ts";
import { forgetBefore, remember } from "../remembered.ts";
import type { CoreState } from "../state.ts";

/** Who spoke with a caller last: whoever rings again within a day need not tell it all anew. Withheld numbers leave no trace. */

const rememberMs = 24 * 60 * 60 * 1000;
/** The oldest are forgotten beyond this many. */
const most = 20_000;

export function rememberAgent(core: CoreState, from: PhoneNumber | null, agent: string, at: number): void {
  if (from !== null) remember(core.lastAgents, from, { agent, at }, most);
}

export function lastAgentOf(core: CoreState, from: PhoneNumber | null, at: number): string | undefined {
  const last = from === null ? undefined : core.lastAgents.get(from);
  return last && at - last.at <= rememberMs ? last.agent : undefined;
}

/** Of whoever has not been spoken with for a day nothing is kept. */
export function forgetAgents(core: CoreState, at: number): void {
  forgetBefore(core.lastAgents, at - rememberMs);
}
