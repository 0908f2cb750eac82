import type { Text } from "../core/plan/plan.ts";
import type { Comparison, Outcome } from "./compare.ts";
import type { Figures } from "./figures.ts";

/** What people read of a simulation: Swedish first, English beside it. */

export const policyNames: Readonly<Record<Outcome["policy"], Text>> = {
  draft: { sv: "utkastet", en: "draft" },
  today: { sv: "i dag", en: "today" },
};

/** What the two stand for. */
export const meanings: Readonly<Record<Outcome["policy"], Text>> = {
  draft: {
    sv: "Utkastet: gruppernas regler i det riktiga vägvalet, som i växeln.",
    en: "Draft: the groups' rules in the live routing, as in the exchange.",
  },
  today: {
    sv: "I dag: den som väntat längst till den som varit ledig längst, utan trappa, nivåer och förtur; samma personer vid samma tider.",
    en: "Today: the longest wait to the longest idle, without ladder, levels or priority; the same people at the same times.",
  },
};

export const columns: readonly { readonly name: Text; readonly value: (figures: Figures) => string }[] = [
  { name: { sv: "Samtal", en: "Calls" }, value: ({ offered }) => whole(offered) },
  { name: { sv: "Besvarade", en: "Answered" }, value: ({ answered }) => whole(answered) },
  { name: { sv: "av grannar", en: "by neighbours" }, value: ({ helped }) => whole(helped) },
  { name: { sv: "Tappade", en: "Abandoned" }, value: ({ abandoned, stranded }) => whole(abandoned + stranded) },
  { name: { sv: "Tillgänglighet %", en: "Availability %" }, value: ({ availability }) => decimal(availability.value) },
  { name: { sv: "Svarsmål %", en: "Service level %" }, value: ({ serviceLevel }) => decimal(serviceLevel.value) },
  { name: { sv: "Väntan s: medel", en: "Wait s: mean" }, value: ({ meanWaitS }) => decimal(meanWaitS) },
  { name: { sv: "hälften", en: "half" }, value: ({ waitP50S }) => decimal(waitP50S) },
  { name: { sv: "9 av 10", en: "9 of 10" }, value: ({ waitP90S }) => decimal(waitP90S) },
  { name: { sv: "99 av 100", en: "99 of 100" }, value: ({ waitP99S }) => decimal(waitP99S) },
];

/** The rows of a table: the city, then groups, then languages, each under both policies. */
export function rowsOf({
  scenario,
  outcomes,
}: Comparison): readonly { readonly name: Text; readonly figures: readonly Figures[] }[] {
  const pick = (of: (outcome: Outcome) => Figures | undefined): Figures[] => outcomes.flatMap((outcome) => of(outcome) ?? []);
  const spoken = scenario.languages.length > 1 ? scenario.languages : [];
  return [
    { name: { sv: "Alla samtal", en: "All calls" }, figures: pick(({ summary }) => summary.all) },
    ...scenario.groups.map(({ id, name }) => ({ name, figures: pick(({ summary }) => summary.groups.get(id)) })),
    ...spoken.map((language) => ({
      name: languageName(language),
      figures: pick(({ summary }) => summary.languages.get(language)),
    })),
  ];
}

export function printedTable(comparison: Comparison): string {
  const { scenario, seed, outcomes } = comparison;
  const head = (language: "sv" | "en"): string[] => [
    { sv: "Grupp, språk", en: "Group, language" }[language],
    { sv: "Regler", en: "Rules" }[language],
    ...columns.map(({ name }) => name[language]),
  ];
  const body = rowsOf(comparison).flatMap(({ name, figures }) =>
    figures.map((one, index) => [
      index === 0 ? name.sv : `  ${name.en}`,
      bothNames(outcomes[index]),
      ...columns.map(({ value }) => value(one)),
    ]),
  );
  const teams = outcomes[0].summary.teams.map(({ team, agents }, index) => [
    team,
    whole(agents),
    ...outcomes.map(({ summary }) => decimal(summary.teams[index]?.occupancyPercent ?? null)),
  ]);
  return [
    `${scenario.name.sv} / ${scenario.name.en}`,
    scenario.about.sv,
    scenario.about.en,
    `${days(scenario.days)}, slumpfrö / seed ${seed}`,
    "",
    aligned([head("sv"), head("en"), ...body]),
    "",
    "Beläggning % / Occupancy %",
    aligned([["Team", "Antal / Count", ...outcomes.map(bothNames)], ...teams]),
    "",
    ...outcomes.map(
      ({ policy, run, tookMs }) =>
        `${bothNames({ policy })}: ${whole(run.calls.size)} samtal / calls, ${whole(run.events)} händelser / events, ${decimal(tookMs / 1000)} s`,
    ),
    ...outcomes.flatMap(({ policy }) => [meanings[policy].sv, meanings[policy].en]),
  ].join("\n");
}

/** One object a line, for machines. */
export function jsonLines(comparison: Comparison): string {
  const { scenario, seed, outcomes } = comparison;
  const lines = outcomes.flatMap(({ policy, summary, series, run, tookMs }) => {
    const about = { scenario: scenario.id, seed, policy };
    const flat = ({ availability, serviceLevel, ...rest }: Figures) => ({
      ...rest,
      [availability.formula]: availability,
      [serviceLevel.formula]: serviceLevel,
    });
    return [
      { ...about, days: scenario.days, events: run.events, tookMs: Math.round(tookMs), all: flat(summary.all) },
      ...[...summary.groups].map(([group, figures]) => ({ ...about, group, ...flat(figures) })),
      ...[...summary.languages].map(([language, figures]) => ({ ...about, language, ...flat(figures) })),
      ...summary.teams.map((team) => ({ ...about, ...team })),
      ...series.halfHours.flatMap((stretch, halfHour) => (stretch.offered > 0 ? [{ ...about, halfHour, ...stretch }] : [])),
      ...series.weeks.map((week) => ({ ...about, ...week })),
    ];
  });
  return lines.map((line) => JSON.stringify(line)).join("\n");
}

const bothNames = (outcome: Pick<Outcome, "policy"> | undefined): string => {
  const { sv, en } = policyNames[outcome?.policy ?? "draft"];
  return `${sv} / ${en}`;
};

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const texts = 2;
  return rows
    .map((row) => row.map((cell, at) => (at < texts ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

const swedish = new Intl.NumberFormat("sv-SE", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const names = { sv: new Intl.DisplayNames("sv", { type: "language" }), en: new Intl.DisplayNames("en", { type: "language" }) };

/** One figure behind the comma; "–" for none. */
export function decimal(value: number | null): string {
  return value === null ? "–" : swedish.format(value);
}

export function whole(value: number): string {
  return value.toLocaleString("sv-SE");
}

function languageName(language: string): Text {
  return { sv: names.sv.of(language) ?? language, en: names.en.of(language) ?? language };
}

const days = (count: number): string => (count === 1 ? "1 dag / day" : `${whole(count)} dagar / days`);
