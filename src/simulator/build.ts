import type { Competence, GroupRules } from "../core/routing/types.ts";
import { ladderOf, secondLineOf } from "../plans/build-routing.ts";
import { weekdayOf } from "./arrivals.ts";
import { type Distribution, exponential, fixed } from "./distribution.ts";
import type { Mix, Scenario, ScenarioAgent, ScenarioGroup, Slot } from "./scenario.ts";
import type { DistributionDocument, GroupSettings, ScenarioDocument, TeamDocument } from "./schema.ts";

const dayMs = 86_400_000;
const halfHourMs = 1_800_000;
const weekdayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const evenWeek = [1, 1, 1, 1, 1, 1, 1];

/** The scenario out of a document that passed every check. */
export function buildScenario(id: string, document: ScenarioDocument): Scenario {
  const firstDay = Date.parse(`${document["first-day"]}T00:00:00Z`);
  const { open } = document;
  const closedDays = new Set((open.closed ?? []).map((day) => Date.parse(`${day}T00:00:00Z`)));
  const isOpen = (day: number): boolean => {
    const midnight = firstDay + day * dayMs;
    return !closedDays.has(midnight) && open.days.includes(weekdayNames[weekdayOf(midnight)] as (typeof open.days)[number]);
  };
  const spread = spreadOf(open);
  const groups = Object.entries(document.groups).map(([group, own]) =>
    groupOf(group, own.name, own["calls-per-day"], { ...document["group-defaults"], ...own }, spread, document),
  );
  return {
    id,
    name: document.name,
    about: document.about,
    firstDay,
    days: document.days,
    isOpen,
    languages: document.languages,
    groups,
    agents: agentsOf(document.agents, open),
    bursts: (document.bursts ?? []).map((burst) => ({
      at: Date.parse(`${burst.day}T00:00:00Z`) + clockMs(burst.at),
      length: burst.minutes * 60_000,
      calls: burst["times-busiest-hour"] * busiestHour(groups),
    })),
    ring: {
      answer: distributionOf(document.ring.answer),
      missed: (document.ring["missed-percent"] ?? 0) / 100,
      pauseMs: (document.ring["pause-seconds"] ?? 300) * 1000,
    },
  };
}

/** "08:30" as ms after midnight. */
export function clockMs(clock: string): number {
  const [hours, minutes] = clock.split(":");
  return (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** The half hours of a day; the last one may be shorter. */
function spreadOf(open: ScenarioDocument["open"]): Slot[] {
  const [from, to] = [clockMs(open.from), clockMs(open.to)];
  const count = Math.ceil((to - from) / halfHourMs);
  const slots = Array.from({ length: count }, (_, index) => {
    const begin = from + index * halfHourMs;
    const end = Math.min(to, begin + halfHourMs);
    return { from: begin, to: end, weight: open["half-hours"]?.[index] ?? (open["half-hours"] ? 0 : end - begin) };
  });
  const all = slots.reduce((sum, { weight }) => sum + weight, 0);
  return slots.map(({ weight, ...slot }) => ({ ...slot, share: weight / all }));
}

/** Expected calls of the busiest hour of the busiest weekday. */
function busiestHour(groups: readonly ScenarioGroup[]): number {
  let most = 0;
  for (let weekday = 0; weekday < 7; weekday++) {
    const slots = groups[0]?.spread ?? [];
    for (let slot = 0; slot < slots.length; slot++) {
      const calls = groups.reduce((sum, group) => {
        const share = (group.spread[slot]?.share ?? 0) + (group.spread[slot + 1]?.share ?? 0);
        return sum + group.callsPerDay * (group.weekdays[weekday] ?? 1) * share;
      }, 0);
      most = Math.max(most, calls);
    }
  }
  return most;
}

function groupOf(
  id: string,
  name: ScenarioGroup["name"],
  callsPerDay: number,
  set: GroupSettings,
  spread: readonly Slot[],
  document: ScenarioDocument,
): ScenarioGroup {
  return {
    id,
    name,
    rules: rulesOf(id, set),
    ...(set["second-line"] ? { secondLine: secondLineOf(set["second-line"]) } : {}),
    ringMs: (set["ring-seconds"] ?? 20) * 1000,
    shortAbandonMs: (set["short-abandon-seconds"] ?? 5) * 1000,
    callsPerDay,
    spread,
    weekdays: set.weekdays ?? evenWeek,
    mix: mixOf(set, document),
    talk: set.talk ? distributionOf(set.talk) : exponential(240_000),
    wrapUp: set["wrap-up"] ? distributionOf(set["wrap-up"]) : fixed(0),
    patience: set.patience ? distributionOf(set.patience) : exponential(240_000),
  };
}

/** How a group is routed, by what its document says. */
export function rulesOf(id: string, set: GroupSettings): GroupRules {
  return {
    id,
    ladder: ladderOf(id, set.ladder ?? []),
    answerTargetMs: (set["answer-target-seconds"] ?? 60) * 1000,
    preferMs: (set["prefer-seconds"] ?? 0) * 1000,
  };
}

function mixOf(set: GroupSettings, document: ScenarioDocument): Mix {
  const shares = Object.entries(set.languages ?? { [document.languages[0] ?? "sv"]: 1 });
  const all = shares.reduce((sum, [, share]) => sum + share, 0);
  const districts = document.districts ?? [];
  const known = districts.length === 0 ? 0 : (set["district-known-percent"] ?? 0) / 100;
  return {
    languages: shares.map(([value, share]) => ({ value, share: share / all })),
    districts: [
      ...districts.map((value) => ({ value, share: known / districts.length })),
      { value: undefined, share: 1 - known },
    ],
    urgent: (set["urgent-percent"] ?? 0) / 100,
    returning: (set["returning-percent"] ?? 0) / 100,
  };
}

/** The agents of all teams. Breaks are staggered over a team: its first agent goes at `at`, its last at `until`. */
export function agentsOf(teams: readonly TeamDocument[], open: { readonly from: string; readonly to: string }): ScenarioAgent[] {
  const sizes = new Map<string, number>();
  for (const { team, count = 1 } of teams) sizes.set(team, (sizes.get(team) ?? 0) + count);
  const numbers = new Map<string, number>();
  return teams.flatMap((entry) => {
    const competence = competenceOf(entry);
    const { from, to } = entry.shift ?? open;
    return Array.from({ length: entry.count ?? 1 }, (): ScenarioAgent => {
      const number = (numbers.get(entry.team) ?? 0) + 1;
      numbers.set(entry.team, number);
      const place = (number - 1) / Math.max(1, (sizes.get(entry.team) ?? 1) - 1);
      const breaks = (entry.breaks ?? []).map(({ at, until = at, minutes }) => ({
        at: Math.round(clockMs(at) + place * (clockMs(until) - clockMs(at))),
        length: minutes * 60_000,
      }));
      return {
        id: `${entry.team}-${number}`,
        team: entry.team,
        competence,
        shift: { from: clockMs(from), to: clockMs(to), breaks },
      };
    });
  });
}

function competenceOf(team: TeamDocument): Competence {
  return {
    skills: Object.entries(team.skills).map(([group, skill]) => {
      const { level, line } = typeof skill === "number" ? { level: skill, line: "first" } : skill;
      return { group, level: level as 1 | 2 | 3 | 4 | 5, line: line === "first" ? 1 : 2 };
    }),
    languages: team.languages,
    districts: team.districts ?? [],
    site: team.site ?? "",
  };
}

function distributionOf(document: DistributionDocument): Distribution {
  if (document === "never") return { kind: "never" };
  if ("fixed" in document) return fixed(document.fixed * 1000);
  if ("exponential" in document) return exponential(document.exponential * 1000);
  if ("lognormal" in document) return { kind: "lognormal", mean: document.lognormal.mean * 1000, cv: document.lognormal.cv };
  if ("gamma" in document) return { kind: "gamma", mean: document.gamma.mean * 1000, cv: document.gamma.cv };
  return { kind: "mixture", parts: document.mixture.map(({ share, of }) => ({ share, of: distributionOf(of) })) };
}
