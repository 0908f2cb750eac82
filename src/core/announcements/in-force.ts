import { say } from "../call/sound.ts";
import type { EventOf } from "../events.ts";
import type { Language } from "../plan/plan.ts";
import { type CoreState, clearTimer, setTimer, type Turn } from "../state.ts";
import { type Announcement, announcementTimer, refusalOf } from "./announcement.ts";
import { takeWaiting } from "./hearing.ts";

/** Announcements come into force and go. */

/** Sets one; those who wait hear it at once, if they are to. One that cannot be set changes nothing: ask `refusalOf` first. */
export function setAnnouncement(core: CoreState, turn: Turn, announcement: Announcement): void {
  if (refusalOf(core.plan, core.announcements, announcement, turn.at)) return;
  const { id, where, texts, until, from, alsoWaiting } = announcement;
  const heardIn = announcement.heardIn ?? Object.keys(texts);
  core.announcements.unshift({ ...announcement, since: turn.at, heardIn, notIn: [] });
  setTimer(core, turn, announcementTimer(id), until);
  turn.facts.push({
    at: turn.at,
    type: "announcement.set",
    announcement: id,
    where,
    texts,
    until,
    by: from,
    alsoWaiting,
  });
  if (alsoWaiting) tellWaiting(core, turn);
}

/** Those who wait hear at once what is for them and they have not heard. */
function tellWaiting(core: CoreState, turn: Turn): void {
  for (const queue of core.queues.values()) {
    for (const call of queue.values()) {
      // What is being said is not interrupted: it follows when that has been spoken.
      // Nobody is on the line yet of whom is to be rung back.
      if (call.absent) continue;
      if (call.stage.name !== "queue" || call.callerGone || call.playback || call.offer?.state === "connecting") continue;
      const prompts = takeWaiting(core, call);
      if (prompts.length > 0) say(turn, call, prompts);
    }
  }
}

/** Its sound in one more language is there, or could not be made (`heard` false). Nothing happens when it is gone already. */
export function hearInLanguage(core: CoreState, turn: Turn, event: EventOf<"announcement.language">): void {
  const { announcement: id, language, heard } = event;
  const at = core.announcements.findIndex((one) => one.id === id);
  const one = core.announcements[at];
  if (!one || !Object.hasOwn(one.texts, language)) return;
  if ((heard ? one.heardIn : one.notIn).includes(language)) return;
  const others = (languages: readonly Language[]) => languages.filter((other) => other !== language);
  // In the announcement's own order, the main language first.
  const into = (languages: readonly Language[]) =>
    Object.keys(one.texts).filter((other) => other === language || languages.includes(other));
  core.announcements[at] = heard
    ? { ...one, heardIn: into(one.heardIn), notIn: others(one.notIn) }
    : { ...one, heardIn: others(one.heardIn), notIn: into(one.notIn) };
  turn.facts.push({ at: turn.at, type: "announcement.language", announcement: id, language, heard });
  if (one.alsoWaiting) tellWaiting(core, turn);
}

/** Takes one away. `by`: who did; null: its time was over. */
export function clearAnnouncement(core: CoreState, turn: Turn, id: string, by: string | null): void {
  const at = core.announcements.findIndex((one) => one.id === id);
  if (at < 0) return;
  core.announcements.splice(at, 1);
  clearTimer(core, turn, announcementTimer(id));
  turn.facts.push({ at: turn.at, type: "announcement.cleared", announcement: id, by });
}
