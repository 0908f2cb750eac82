import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The number that leads straight to a group of Kontaktlots; the menu's number has 0. */
export const groupNumber = (group: number): string => `+468465${String(group).padStart(5, "0")}`;
export const menuNumber = groupNumber(0);

/**
 * Writes the plan of a bench: groups `g1` …, each with a number of its own that leads straight to it, and one number with a menu
 * whose key 1 leads to `g1`. No wrap-up, and the place is told once.
 */
export async function writePlan(folder: string, groups: number): Promise<void> {
  const all = Array.from({ length: groups }, (_, n) => n + 1);
  const direct = all.map(
    (n) =>
      `  - { number: "${groupNumber(n)}", name: { sv: Nummer ${n}, en: Number ${n} }, greeting: greeting, start: { group: g${n} } }`,
  );
  const named = all.map((n) => `  g${n}: { name: { sv: Grupp ${n}, en: Group ${n} }, board: Nämnden }`);
  const text = `
id: bench
city: Provstad
timezone: Europe/Stockholm
languages: [sv]
last-resort: g1
numbers:
  - { number: "${menuNumber}", name: { sv: Med meny, en: With a menu }, greeting: greeting, start: { menu: top } }
${direct.join("\n")}
menus:
  top:
    label: { sv: Meny, en: Menu }
    prompt: menu
    keys: { 1: { group: g1 }, 0: { group: g1 } }
    otherwise: { group: g1 }
group-defaults:
  ring-seconds: 20
  wrap-up-seconds: 0
  answer-target-seconds: 60
  short-abandon-seconds: 5
  first-contact-target-percent: 70
  place-every-seconds: 0
groups:
${named.join("\n")}
prompts:
  greeting: { sv: Välkommen. }
  menu: { sv: "Tryck ett." }
  wrong-key: { sv: Fel knapp. }
  no-key: { sv: Inget val. }
  to-agent: { sv: Du kopplas. }
  place-first: { sv: Du är först. }
  place-n: { sv: "Du är nummer {n}." }
  place-many: { sv: Många väntar. }
  goodbye: { sv: Hej då. }
  other-group: { sv: En annan grupp. }
  no-speaker: { sv: Ingen talar språket. }
  press-main: { sv: "Tryck ett." }
  press-english: { sv: "Tryck två." }
`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "plan.yaml"), text);
}
