import fc from "fast-check";
import type { MenuNode } from "../../../src/core/plan/node.ts";
import { type EntryNumber, type Group, type Key, keys, type Plan, type Target } from "../../../src/core/plan/plan.ts";
import { plainRouting } from "../../support/competence.ts";

const text = (name: string) => ({ sv: name, en: `${name} (en)` });
const languages = ["sv", "en"];

export function aGroup(id: string): Group {
  return {
    id,
    name: text(id),
    board: "Servicenämnden",
    ringMs: 20_000,
    wrapUpMs: 60_000,
    answerTargetMs: 60_000,
    shortAbandonMs: 5_000,
    fcrTargetPercent: 70,
    placeEveryMs: 60_000,
    ...plainRouting,
  };
}

export function anEntry(number: string, start: Target, aliases: string[] = []): EntryNumber {
  return { number, aliases, name: text(number), greeting: "greeting", start, language: "sv" };
}

export function aPlan(parts: { numbers?: EntryNumber[]; nodes?: MenuNode[]; groups?: string[] } = {}): Plan {
  const groups = parts.groups ?? ["other"];
  const [first, ...rest] = parts.numbers ?? [];
  return {
    id: "test",
    city: "Test",
    timezone: "Europe/Stockholm",
    languages,
    spoken: languages,
    agentLanguages: [],
    numbers: [first ?? anEntry("+46846500400", { to: "group", group: groups[0] ?? "other" }), ...rest],
    nodes: Object.fromEntries((parts.nodes ?? []).map((node) => [node.id, node])),
    groups: Object.fromEntries(groups.map((id) => [id, aGroup(id)])),
    prompts: {},
    districts: [],
    hours: {},
    calendar: { timezone: "Europe/Stockholm", holidays: {} },
    lastResort: groups[0] ?? "other",
  };
}

/** Any plan the loader would accept: keys lead anywhere, fallbacks only onwards, so that silence always ends in a group. */
export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({ nodes: fc.integer({ min: 1, max: 8 }), groups: fc.integer({ min: 1, max: 5 }) })
  .chain((size) => {
    const nodeIds = Array.from({ length: size.nodes }, (_, index) => `n${index}`);
    const groupIds = Array.from({ length: size.groups }, (_, index) => `g${index}`);
    const language = fc.option(fc.constantFrom(...languages), { nil: undefined });
    const withLanguage = <T extends object>(target: T) =>
      language.map((chosen) => (chosen === undefined ? target : { ...target, language: chosen }));
    const toGroup: fc.Arbitrary<Target> = fc
      .constantFrom(...groupIds)
      .chain((group) => withLanguage({ to: "group" as const, group }));
    const toNode = (among: readonly string[]): fc.Arbitrary<Target> =>
      among.length === 0 ? toGroup : fc.constantFrom(...among).chain((node) => withLanguage({ to: "node" as const, node }));
    const anyKey = fc.oneof(toGroup, toNode(nodeIds), fc.constant<Target>({ to: "repeat" }));
    const nodes = nodeIds.map((id, index) =>
      fc.record({
        kind: fc.constant("menu" as const),
        id: fc.constant(id),
        label: fc.constant(text(id)),
        prompt: fc.constant(`prompt-${id}`),
        keys: fc.dictionary(fc.constantFrom(...keys), anyKey) as fc.Arbitrary<Partial<Record<Key, Target>>>,
        waitMs: fc.constant(5_000),
        tries: fc.integer({ min: 1, max: 4 }),
        fallback: fc.oneof(toGroup, toNode(nodeIds.slice(index + 1))),
      }),
    );
    return fc
      .record({ nodes: fc.tuple(...nodes), start: fc.oneof(toGroup, toNode(nodeIds)) })
      .map((made) => aPlan({ nodes: made.nodes, groups: groupIds, numbers: [anEntry("+46846500400", made.start)] }));
  });
