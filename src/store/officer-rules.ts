import { KontaktlotsError } from "../core/errors.ts";
import type { ListChange, OfficerRecord, Synonym } from "./officer-port.ts";

/** What adapters of the directory share: the words people are found by, and what changed between two lists. */

/** The words of a text as they are compared: small letters, one way of writing å, ä and ö. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize("NFC")
      .toLocaleLowerCase("sv")
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Every word an officer is found by. A district's own synonyms count for those of that district only. */
export function searchWords(officer: OfficerRecord, synonyms: readonly Synonym[]): ReadonlySet<string> {
  const named = [...officer.functions, ...officer.subjects, ...officer.districts];
  const same = (a: string, b: string): boolean => wordsOf(a).join(" ") === wordsOf(b).join(" ");
  const called = synonyms
    .filter(({ district }) => district === undefined || officer.districts.some((own) => same(own, district)))
    .filter(({ means }) => named.some((one) => same(one, means)))
    .map(({ word }) => word);
  return new Set([officer.name, officer.extension, ...named, ...called].flatMap(wordsOf));
}

/** Starters, leavers and those of whom something is otherwise than before. */
export function changeOf(before: readonly OfficerRecord[], after: readonly OfficerRecord[]): ListChange {
  const old = new Map(before.map((officer) => [officer.id, asText(officer)]));
  const kept = new Set(after.map(({ id }) => id));
  const ids = (officers: readonly OfficerRecord[]) => officers.map(({ id }) => id).sort();
  return {
    added: ids(after.filter(({ id }) => !old.has(id))),
    changed: ids(after.filter((officer) => old.has(officer.id) && old.get(officer.id) !== asText(officer))),
    removed: ids(before.filter(({ id }) => !kept.has(id))),
  };
}

/** Equal for equal records, in whatever order their members came. */
function asText({ id, name, extension, number, functions, subjects, districts, colleague, group, email }: OfficerRecord): string {
  return JSON.stringify([id, name, extension, number, functions, subjects, districts, colleague, group, email]);
}

export function noOfficer(id: string): KontaktlotsError {
  return new KontaktlotsError("NOT_FOUND", `There is no officer ${id}.`, "Look at the list: npm run directory -- list.");
}
