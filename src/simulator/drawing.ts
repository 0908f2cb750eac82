import type { Text } from "../core/plan/plan.ts";
import type { Comparison, Outcome } from "./compare.ts";
import type { Figures } from "./figures.ts";
import { columns, decimal, meanings, policyNames, rowsOf, whole } from "./table.ts";

/** The simulation as one page that needs nothing else: load and answers over the day and the weeks, waits per group, and the table. */
export function drawnPage(comparison: Comparison): string {
  const { scenario, outcomes, seed } = comparison;
  const weeks = outcomes[0].series.weeks.length > 1 ? weekChart(outcomes) : "";
  return `<!doctype html>
<html lang="sv">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(scenario.name.sv)}</title>
<style>${style}</style>
<main>
<h1>${escaped(scenario.name.sv)} <small lang="en">${escaped(scenario.name.en)}</small></h1>
<p>${escaped(scenario.about.sv)}</p>
<p lang="en">${escaped(scenario.about.en)}</p>
<p>${whole(outcomes[0].run.calls.size)} samtal på ${whole(scenario.days)} dagar, slumpfrö ${seed} <small lang="en">calls, days, seed</small></p>
<p class="key"><b class="draft">━ utkastet</b> <small lang="en">draft</small> <b class="today">╌ i dag</b> <small lang="en">today</small> <b class="load">▮ samtal</b> <small lang="en">calls</small></p>
${outcomes.map(({ policy }) => `<p>${escaped(meanings[policy].sv)} <small lang="en">${escaped(meanings[policy].en)}</small></p>`).join("\n")}
${dayChart(outcomes)}
${weeks}
${waitChart(comparison)}
${table(comparison)}
</main>
</html>
`;
}

const style = `
:root { color-scheme: light dark; --paper: light-dark(#fcfcfa, #10161c); --ink: light-dark(#15202b, #e9edf0); --soft: light-dark(#46525e, #b4bec7);
 --hairline: light-dark(#d4d8da, #2e3841); --load: light-dark(#c3cdd8, #3a4a59); --accent: light-dark(#123f88, #a3c4ff); --waiting: light-dark(#6e4200, #f2bd59); }
body { background: var(--paper); color: var(--ink); font: 16px/1.5 "Source Sans 3", system-ui, sans-serif; font-variant-numeric: tabular-nums; margin: 0; }
main { max-width: 960px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 28px; } h2 { font-size: 20px; margin: 2rem 0 .5rem; } small { color: var(--soft); font-weight: 400; font-size: 14px; }
p { max-width: 65ch; margin: .5rem 0; } .draft { color: var(--accent); } .today { color: var(--waiting); } .load { color: var(--soft); } .key b { margin-left: 1rem; }
svg { width: 100%; height: auto; display: block; } svg text { fill: var(--soft); font-size: 12px; } svg .grid { stroke: var(--hairline); }
svg .bar { fill: var(--load); } svg path { fill: none; stroke-width: 2; } svg path.draft { stroke: var(--accent); } svg path.today { stroke: var(--waiting); stroke-dasharray: 6 4; }
svg rect.draft { fill: var(--accent); } svg rect.today { fill: var(--waiting); } svg rect.tail { opacity: .35; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 14px; } th, td { padding: .25rem .5rem; text-align: right; border-bottom: 1px solid var(--hairline); }
th:first-child, td:first-child, td:nth-child(2), th:nth-child(2) { text-align: left; } th { vertical-align: bottom; }
`;

const width = 960;
const height = 240;
const left = 60;
const right = 44;
const bottom = 24;

/** Calls as bars, availability of both policies as lines from `lowest` to 100 %. */
function loadChart(
  title: Text,
  labels: readonly string[],
  loads: readonly number[],
  lines: readonly (readonly (number | null)[])[],
): string {
  const most = Math.max(1, ...loads);
  const step = (width - left - right) / Math.max(1, labels.length);
  const values = lines.flat().flatMap((value) => value ?? []);
  const lowest = Math.max(0, Math.min(90, Math.floor(Math.min(100, ...values) / 10) * 10));
  const y = (percent: number): number => 12 + ((100 - percent) / (100 - lowest)) * (height - bottom - 12);
  const x = (at: number): number => left + (at + 0.5) * step;
  const bars = loads.map((load, at) => {
    const tall = (load / most) * (height - bottom - 12) * 0.9;
    return `<rect class="bar" x="${round(x(at) - step * 0.4)}" y="${round(height - bottom - tall)}" width="${round(step * 0.8)}" height="${round(tall)}"><title>${labels[at]}: ${decimal(load)}</title></rect>`;
  });
  const grid = [lowest, (lowest + 100) / 2, 100].map(
    (percent) =>
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${round(y(percent))}" y2="${round(y(percent))}"/><text x="${width - right + 6}" y="${round(y(percent) + 4)}">${percent} %</text>`,
  );
  const paths = lines.map((line, index) => `<path class="${index === 0 ? "draft" : "today"}" d="${pathOf(line, x, y)}"/>`);
  const every = Math.ceil(labels.length / 18);
  const names = labels.map((label, at) =>
    at % every === 0 ? `<text x="${round(x(at))}" y="${height - 6}" text-anchor="middle">${label}</text>` : "",
  );
  const scale = `<text x="${left - 6}" y="16" text-anchor="end">${whole(Math.round(most))}</text>`;
  return `<h2>${escaped(title.sv)} <small lang="en">${escaped(title.en)}</small></h2>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title.sv)}">${[...bars, ...grid, ...paths, ...names, scale].join("")}</svg>`;
}

function pathOf(line: readonly (number | null)[], x: (at: number) => number, y: (value: number) => number): string {
  let pen = "M";
  return line
    .map((value, at) => {
      if (value === null) {
        pen = "M";
        return "";
      }
      const point = `${pen}${round(x(at))} ${round(y(value))}`;
      pen = "L";
      return point;
    })
    .join("");
}

const answeredPercent = ({ offered, answered }: { offered: number; answered: number }): number | null =>
  offered === 0 ? null : (100 * answered) / offered;

function dayChart(outcomes: readonly [Outcome, Outcome]): string {
  const [{ series }] = outcomes;
  const used = series.halfHours.flatMap(({ offered }, slot) => (offered > 0 ? [slot] : []));
  const slots = Array.from({ length: (used.at(-1) ?? 0) - (used[0] ?? 0) + 1 }, (_, at) => at + (used[0] ?? 0));
  const labels = slots.map((slot) => `${String(Math.floor(slot / 2)).padStart(2, "0")}:${slot % 2 === 0 ? "00" : "30"}`);
  const of = (outcome: Outcome): (number | null)[] =>
    slots.map((slot) => answeredPercent(outcome.series.halfHours[slot] ?? { offered: 0, answered: 0 }));
  const title = {
    sv: "Över dagen: samtal per halvtimme, andel besvarade",
    en: "Over the day: calls per half hour, share answered",
  };
  return loadChart(
    title,
    labels,
    slots.map((slot) => series.halfHours[slot]?.offered ?? 0),
    outcomes.map(of),
  );
}

function weekChart(outcomes: readonly [Outcome, Outcome]): string {
  const { weeks } = outcomes[0].series;
  const title = { sv: "Vecka för vecka: samtal, andel besvarade", en: "Week by week: calls, share answered" };
  const labels = weeks.map(({ week }) => week.replace(/^\d{4}-W0?/, "v "));
  return loadChart(
    title,
    labels,
    weeks.map(({ offered }) => offered),
    outcomes.map(({ series }) => series.weeks.map(answeredPercent)),
  );
}

/** Mean wait of each group and language as a bar, and how long nine of ten waited as its tail. */
function waitChart(comparison: Comparison): string {
  const rows = rowsOf(comparison);
  const most = Math.max(1, ...rows.flatMap(({ figures }) => figures.map(({ waitP90S }) => waitP90S ?? 0)));
  const rowHeight = 30;
  const from = 260;
  const x = (seconds: number): number => (seconds / most) * (width - from - 60);
  const bar = (one: Figures, row: number, index: number): string => {
    const kind = index === 0 ? "draft" : "today";
    const y = row * rowHeight + 4 + index * 11;
    const [mean, tail] = [one.meanWaitS ?? 0, one.waitP90S ?? 0];
    return `<rect class="${kind} tail" x="${from}" y="${y}" width="${round(x(tail))}" height="9"/><rect class="${kind}" x="${from}" y="${y}" width="${round(x(mean))}" height="9"/><text x="${round(from + x(Math.max(mean, tail)) + 6)}" y="${y + 9}">${decimal(mean)}</text>`;
  };
  const drawn = rows.flatMap(({ name, figures }, row) => [
    `<text x="${from - 8}" y="${row * rowHeight + 19}" text-anchor="end">${escaped(name.sv)}</text>`,
    ...figures.map((one, index) => bar(one, row, index)),
  ]);
  return `<h2>Väntan i sekunder: medel, och nio av tio <small lang="en">Wait in seconds: mean, and nine of ten</small></h2>
<svg viewBox="0 0 ${width} ${rows.length * rowHeight + 8}" role="img" aria-label="Väntan per grupp">${drawn.join("")}</svg>`;
}

function table(comparison: Comparison): string {
  const head = columns
    .map(({ name }) => `<th scope="col">${escaped(name.sv)}<br><small lang="en">${escaped(name.en)}</small></th>`)
    .join("");
  const body = rowsOf(comparison).flatMap(({ name, figures }) =>
    figures.map((one, index) => {
      const { sv, en } = policyNames[comparison.outcomes[index]?.policy ?? "draft"];
      const first = index === 0 ? `${escaped(name.sv)} <small lang="en">${escaped(name.en)}</small>` : "";
      return `<tr><td>${first}</td><td>${sv} <small lang="en">${en}</small></td>${columns.map(({ value }) => `<td>${value(one)}</td>`).join("")}</tr>`;
    }),
  );
  const teams = comparison.outcomes[0].summary.teams.map(({ team, agents }, index) => {
    const shares = comparison.outcomes.map(
      ({ summary }) => `<td>${decimal(summary.teams[index]?.occupancyPercent ?? null)}</td>`,
    );
    return `<tr><td>${escaped(team)}</td><td>${whole(agents)}</td>${shares.join("")}</tr>`;
  });
  return `<h2>Siffrorna <small lang="en">The figures</small></h2>
<div class="wide"><table><thead><tr><th></th><th></th>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>
<h2>Beläggning, procent <small lang="en">Occupancy, percent</small></h2>
<table><thead><tr><th>Team</th><th>Antal <small lang="en">Count</small></th><th>utkastet <small lang="en">draft</small></th><th>i dag <small lang="en">today</small></th></tr></thead><tbody>${teams.join("\n")}</tbody></table>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
