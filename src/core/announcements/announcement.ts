import { KontaktlotsError } from "../errors.ts";
import { nodeOf } from "../menu/walk.ts";
import type { GroupId, Language, NodeId, PhoneNumber, Plan, PromptId } from "../plan/plan.ts";

/** A message on top of what callers otherwise hear: in a crisis, or when something large has broken. */
export interface Announcement {
  /** Small letters and digits: part of a prompt's id and of a file's name. */
  readonly id: string;
  readonly where: Where;
  /** What is said, by language; "" where only a recording is at hand. The first is heard by whose language is missing. */
  readonly texts: Readonly<Record<Language, string>>;
  /** In which of them it can be heard when it is set; the others follow. Left out: in all of them. */
  readonly heardIn?: readonly Language[];
  /** When it ends by itself, ms since the epoch. */
  readonly until: number;
  /** Who is answerable for it, by user name. */
  readonly from: string;
  /** Whether those who wait already hear it too, once. */
  readonly alsoWaiting: boolean;
}

/** Callers of all numbers, or of some; or whoever comes to some menus, or enters the queue of some groups. */
export type Where =
  | "all"
  | {
      readonly numbers?: readonly PhoneNumber[];
      readonly groups?: readonly GroupId[];
      readonly menus?: readonly NodeId[];
    };

/** One that is in force, and since when. */
export interface InForce extends Announcement {
  readonly since: number;
  /** Languages whose sound is there; whoever calls in another hears the first of them. */
  readonly heardIn: readonly Language[];
  /** Those whose sound could not be made. */
  readonly notIn: readonly Language[];
}

/** More at once nobody would listen to. */
export const mostInForce = 3;
/** The longest time for which one may be set, ms: what lasts longer belongs into the plan. */
export const longestMs = 7 * 86_400_000;

const mark = "announcement-";

/** The prompt that says it. */
export const announcementPrompt = (id: string): PromptId => `${mark}${id}`;

/** Which announcement a prompt says, if any. */
export function announcementOf(prompt: PromptId): string | undefined {
  return prompt.startsWith(mark) ? prompt.slice(mark.length) : undefined;
}

/** Name of the timer that ends it. */
export const announcementTimer = (id: string): string => `announcement:${id}`;

/** Why it cannot be set now, and what to do; undefined when it can. `at`: ms since the epoch. */
export function refusalOf(
  plan: Plan | null,
  inForce: readonly InForce[],
  announcement: Announcement,
  at: number,
): KontaktlotsError | undefined {
  const { id, where, texts, until } = announcement;
  const invalid = (what: string, mend: string) => new KontaktlotsError("REQUEST_INVALID", what, mend);
  if (inForce.some((one) => one.id === id)) return invalid(`There is an announcement ${id} already.`, "Set it under a new id.");
  if (Object.keys(texts).length === 0) return invalid("The announcement says nothing.", "Write or record what is to be said.");
  if (!(until > at)) return invalid("The announcement ends before it begins.", "Choose an end that is still to come.");
  if (until > at + longestMs) return invalid("The announcement lasts longer than 7 days.", "Choose an earlier end.");
  const strange = strangerIn(plan, where);
  if (strange !== undefined) return invalid(`The plan has no ${strange}.`, "Choose among the plan's numbers, menus and groups.");
  if (inForce.length < mostInForce) return undefined;
  return new KontaktlotsError(
    "ANNOUNCEMENTS_FULL",
    `${mostInForce} announcements are in force, and more at once nobody would listen to.`,
    "Clear one of them first.",
  );
}

function strangerIn(plan: Plan | null, where: Where): string | undefined {
  if (where === "all") return undefined;
  const { numbers = [], groups = [], menus = [] } = where;
  if (numbers.length + groups.length + menus.length === 0) return "place without a name";
  const number = numbers.find((one) => !plan?.numbers.some((entry) => entry.number === one));
  if (number !== undefined) return `number ${number}`;
  const group = groups.find((one) => !plan || !Object.hasOwn(plan.groups, one));
  if (group !== undefined) return `group ${group}`;
  const menu = menus.find((one) => !plan || !nodeOf(plan, one));
  return menu === undefined ? undefined : `menu ${menu}`;
}
