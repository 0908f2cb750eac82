import type { Group, GroupId, Language } from "../plan/plan.ts";
import { circlesOf } from "./circles.ts";
import { roadTo } from "./ladder.ts";
import { type AgentIndex, createRouter, groupOf, type Router, setAgent } from "./router.ts";
import { arrivalRates } from "./scarcity.ts";
import type { Ask, Competence } from "./types.ts";

/** Whether everybody who may call can also be helped: asked of the whole directory, and of one call as it enters a queue. */

export type Named = Pick<Group, "id" | "name">;

/**
 * What would leave callers waiting, or does not do what was meant. With a `code`: some callers cannot be helped as they ask, and
 * are led elsewhere (`core/call/fallback.ts`).
 */
export type RoutingProblem =
  /** The directory is empty. */
  | { readonly kind: "no-agents"; readonly code: "GROUP_UNSERVED" }
  /** Nobody has a skill in the group, nor in a neighbour that helps it. */
  | { readonly kind: "group-unserved"; readonly code: "GROUP_UNSERVED"; readonly group: Named }
  /** There are agents, but not even the last step lets one of them in. */
  | { readonly kind: "ladder-unreached"; readonly code: "LADDER_UNREACHED"; readonly group: Named }
  /** The plan offers a language that no agent has. */
  | { readonly kind: "language-unspoken"; readonly code: "LANGUAGE_UNSPOKEN"; readonly language: Language }
  /** Nobody of the group, nor of its neighbours, speaks the language well enough for the last step. */
  | {
      readonly kind: "language-unspoken-in";
      readonly code: "LANGUAGE_UNSPOKEN";
      readonly group: Named;
      readonly neighbours: readonly Named[];
      readonly language: Language;
    }
  /** Groups that help each other in a circle, from one to the next and back to the first. */
  | { readonly kind: "circular-neighbours"; readonly code?: never; readonly groups: readonly Named[] }
  /** These would call in a second line that has nobody in it. */
  | { readonly kind: "no-second-line"; readonly code?: never; readonly groups: readonly Named[] };

/** All problems of a plan's groups and languages with these agents, those that concern callers first. */
export function checkRouting(
  groups: readonly Group[],
  agents: readonly { readonly id: string; readonly competence: Competence }[],
  languages: readonly Language[],
): RoutingProblem[] {
  if (agents.length === 0) return [{ kind: "no-agents", code: "GROUP_UNSERVED" }];
  const router = createRouter(groups, arrivalRates(0));
  for (const { id, competence } of agents) setAgent(router, id, competence);
  const spoken = [...new Set(agents.flatMap(({ competence }) => Object.keys(competence.languages)))];
  const unspoken = languages.filter((language) => !spoken.includes(language));
  const names = new Map(groups.map(({ id, name }) => [id, { id, name }]));
  const named = (ids: readonly GroupId[]): Named[] => ids.map((id) => names.get(id) ?? { id, name: { sv: id, en: id } });

  const problems: RoutingProblem[] = [];
  for (const { id, name, ladder } of groups) {
    const group = { id, name };
    const asks = (asked: readonly Language[]): Ask => ({ group: id, languages: asked, priority: "normal" });
    if (!canBeServed(router, asks(spoken))) {
      if (candidates(router, id).next().done) problems.push({ kind: "group-unserved", code: "GROUP_UNSERVED", group });
      else problems.push({ kind: "ladder-unreached", code: "LADDER_UNREACHED", group });
      continue;
    }
    const neighbours = named(ladder.at(-1)?.neighbours ?? []);
    for (const language of languages)
      if (!unspoken.includes(language) && !canBeServed(router, asks([language])))
        problems.push({ kind: "language-unspoken-in", code: "LANGUAGE_UNSPOKEN", group, neighbours, language });
  }
  for (const language of unspoken) problems.push({ kind: "language-unspoken", code: "LANGUAGE_UNSPOKEN", language });
  for (const circle of circlesOf(groups)) problems.push({ kind: "circular-neighbours", groups: named(circle) });
  const without = groups.filter(({ id, secondLine }) => secondLine && !hasSecondLine(router, id));
  if (without.length > 0) problems.push({ kind: "no-second-line", groups: without.map(({ id, name }) => ({ id, name })) });
  return problems;
}

/**
 * Whether anybody in the directory, signed in or not, may take this on the ladder's last step, which lets in everybody the steps
 * before it do; or anybody who is at work, or free, now. Ends at the first who may; at worst it looks once at each agent of the group and its neighbours.
 */
export function canBeServed(router: Router, ask: Ask, who: "anybody" | "at-work" | "free" = "anybody"): boolean {
  const own = groupOf(router, ask.group);
  const last = own.rules.ladder.length - 1;
  const here = (agent: AgentIndex) => who === "anybody" || (who === "at-work" ? agent.onDuty : agent.free);
  const may = (agent: AgentIndex) => here(agent) && roadTo(ask, last, own.rules, agent, own.calledIn) !== undefined;
  const preferred = ask.preferred === undefined ? undefined : router.agents.get(ask.preferred);
  if (preferred && may(preferred)) return true;
  for (const agent of candidates(router, ask.group)) if (may(agent)) return true;
  return false;
}

/** The group's own agents, and those of the neighbours that may help at last. */
function* candidates(router: Router, id: GroupId): Generator<AgentIndex, void> {
  const own = groupOf(router, id);
  yield* own.members;
  for (const neighbour of own.rules.ladder.at(-1)?.neighbours ?? []) yield* groupOf(router, neighbour).members;
}

function hasSecondLine(router: Router, id: GroupId): boolean {
  for (const agent of groupOf(router, id).members) if (agent.skills.get(id)?.line === 2) return true;
  return false;
}
