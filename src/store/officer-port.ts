import type { Absence } from "../core/events.ts";
import type { GroupId, PhoneNumber } from "../core/plan/plan.ts";

/**
 * The city's officers: whom a call may be passed to, who is away and until when. The port. The command line writes it, the engine
 * reads it at each look-up. A database of its own.
 */

export interface OfficerRecord {
  /** The city's own name for the person, as its other systems have it: "anna.berg". Stays the same over the years. */
  readonly id: string;
  readonly name: string;
  /** Digits, each officer's own. */
  readonly extension: string;
  readonly number: PhoneNumber;
  readonly functions: readonly string[];
  readonly subjects: readonly string[];
  readonly districts: readonly string[];
  /** Who stands in: another officer's extension. */
  readonly colleague?: string;
  /** Who answers for the officer's subjects. */
  readonly group?: GroupId;
  readonly email?: string;
}

/** Away, and until when if that is known (ms since the epoch). */
export interface OfficerAbsence {
  readonly reason: Absence;
  readonly until?: number;
}

/** An officer with what the moment adds. An absence whose `until` has passed is none. */
export interface PresentOfficer extends OfficerRecord {
  readonly absence?: OfficerAbsence;
}

/** What people in a district call something: a function, a subject, or the district itself. Without a district: everywhere. */
export interface Synonym {
  readonly district?: string;
  readonly word: string;
  readonly means: string;
}

/** What a new list changed: ids, in order. */
export interface ListChange {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** All functions: STORE_FAILED, STORE_FULL. `now`: ms since the epoch, for what is over. */
export interface OfficerDirectory {
  /** Puts the whole list in the place of the one before, all or nothing. Absences of those who stay are kept. */
  replaceOfficers(officers: readonly OfficerRecord[]): Promise<ListChange>;
  /** Puts all synonyms in the place of those before, all or nothing. Returns how many there are now. */
  replaceSynonyms(synonyms: readonly Synonym[]): Promise<number>;
  /** In order of id. */
  list(now: number): Promise<readonly PresentOfficer[]>;
  find(id: string, now: number): Promise<PresentOfficer | undefined>;
  findExtension(extension: string, now: number): Promise<PresentOfficer | undefined>;
  /** Errors: NOT_FOUND without such an officer. `absence` undefined: is back. */
  setAbsence(id: string, absence: OfficerAbsence | undefined): Promise<void>;
  /**
   * Officers that every word of the question fits: each word is the beginning of one in the name, extension, a function, a
   * subject, a district, or a synonym of those. In order of name, at most `most`.
   */
  search(question: string, most: number, now: number): Promise<readonly PresentOfficer[]>;
  close(): Promise<void>;
}
