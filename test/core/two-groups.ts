import type { EntryNumber, Plan } from "../../src/core/plan/plan.ts";
import type { Competence } from "../../src/core/routing/types.ts";
import { plan as small } from "./cities.ts";
import { World } from "./world.ts";

/** Group a is the last resort; b is reached in Swedish (01), Somali (02), from Bromma (03); a by 04. */
const entry = (number: string, start: EntryNumber["start"], language = "sv"): EntryNumber => ({
  number,
  aliases: [],
  name: { sv: "Nummer", en: "Number" },
  greeting: "greeting",
  start,
  language,
});
/** Nobody else is in the directory any more. */
export function setDirectory(world: World, ...people: Person[]): void {
  const agents = people.map((person) => ({ id: person[0], name: person[0], competence: competence(person) }));
  world.take({ type: "agents.set", agents });
}

const groupOf = (id: string) => {
  const group = small.groups[id];
  if (!group) throw new Error(id);
  return group;
};
const b = groupOf("b");
export const plan: Plan = {
  ...small,
  languages: ["sv", "en", "so"],
  numbers: [
    entry("+46846500401", { to: "group", group: "b" }),
    entry("+46846500402", { to: "group", group: "b" }, "so"),
    entry("+46846500403", { to: "group", group: "b", district: "Bromma" }),
    entry("+46846500404", { to: "group", group: "a" }),
  ],
  groups: { a: groupOf("a"), b: { ...b, ladder: [{ ...b.ladder[0], local: true }] } },
};

export type Person = readonly [id: string, group: string, languages: string, ...districts: string[]];
export const competence = ([, group, languages, ...districts]: Person): Competence => ({
  skills: [{ group, level: 3, line: 1 }],
  languages: Object.fromEntries(languages.split(" ").map((language) => [language, "good"])),
  districts,
  site: "",
});

export function worldWith(...people: Person[]): World {
  const world = new World();
  world.take({ type: "plan.set", plan });
  setDirectory(world, ...people);
  for (const [agent] of people) {
    world.take({ type: "phones", agent, phones: { browser: false, desk: true } });
    world.take({ type: "agent.available", agent });
  }
  return world;
}

export const factsOf = (world: World, type: string) => world.facts.filter((fact) => fact.type === type);
/** What was said last, to anybody. */
export const said = (world: World) => world.effects.flatMap((effect) => (effect.do === "play" ? [effect.prompts] : [])).at(-1);
/** What a call asks that has a place in a queue. */
export const queued = (world: World, call: string) => world.core.calls.get(call)?.queued?.ask;
export const somali = "+46846500402";
