import type { ListChange, OfficerAbsence, OfficerDirectory, OfficerRecord, PresentOfficer, Synonym } from "./officer-port.ts";
import { changeOf, noOfficer, searchWords, wordsOf } from "./officer-rules.ts";

/** A directory that lives as long as its process: for tests and demos. */
export function openMemoryOfficers(): OfficerDirectory {
  return new MemoryOfficers();
}

class MemoryOfficers implements OfficerDirectory {
  #officers: readonly OfficerRecord[] = [];
  #synonyms: readonly Synonym[] = [];
  readonly #absences = new Map<string, OfficerAbsence>();

  async replaceOfficers(officers: readonly OfficerRecord[]): Promise<ListChange> {
    const change = changeOf(this.#officers, officers);
    for (const id of change.removed) this.#absences.delete(id);
    this.#officers = officers.toSorted((a, b) => order(a.id, b.id));
    return change;
  }

  async replaceSynonyms(synonyms: readonly Synonym[]): Promise<number> {
    this.#synonyms = synonyms;
    return synonyms.length;
  }

  async list(now: number): Promise<readonly PresentOfficer[]> {
    return this.#officers.map((officer) => this.#present(officer, now));
  }

  async find(id: string, now: number): Promise<PresentOfficer | undefined> {
    const officer = this.#officers.find((one) => one.id === id);
    return officer && this.#present(officer, now);
  }

  async findExtension(extension: string, now: number): Promise<PresentOfficer | undefined> {
    const officer = this.#officers.find((one) => one.extension === extension);
    return officer && this.#present(officer, now);
  }

  async setAbsence(id: string, absence: OfficerAbsence | undefined): Promise<void> {
    if (!this.#officers.some((officer) => officer.id === id)) throw noOfficer(id);
    if (absence) this.#absences.set(id, absence);
    else this.#absences.delete(id);
  }

  async search(question: string, most: number, now: number): Promise<readonly PresentOfficer[]> {
    const words = wordsOf(question);
    if (words.length === 0) return [];
    const fits = (officer: OfficerRecord): boolean => {
      const known = [...searchWords(officer, this.#synonyms)];
      return words.every((word) => known.some((one) => one.startsWith(word)));
    };
    const found = this.#officers.filter(fits).toSorted((a, b) => order(a.name, b.name) || order(a.id, b.id));
    return found.slice(0, most).map((officer) => this.#present(officer, now));
  }

  async close(): Promise<void> {}

  #present(officer: OfficerRecord, now: number): PresentOfficer {
    const absence = this.#absences.get(officer.id);
    return absence && (absence.until === undefined || absence.until > now) ? { ...officer, absence } : officer;
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
