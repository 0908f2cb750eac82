import { say } from "../call/sound.ts";
import { type CoreState, clearTimer, setTimer, type Turn } from "../state.ts";
import { type Announcement, announcementTimer, refusalOf } from "./announcement.ts";
import { takeWaiting } from "./hearing.ts";

/** Announcements come into force and go. */

/** Sets one; those who wait hear it at once, if they are to. One that cannot be set changes nothing: ask `refusalOf` first. */
export function setAnnouncement(core: CoreState, turn: Turn, announcement: Announcement): void {
  if (refusalOf(core.plan, core.announcements, announcement, turn.at)) return;
  const { id, where, texts, until, from, alsoWaiting } = announcement;
  core.announcements.unshift({ ...announcement, since: turn.at });
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
  if (!alsoWaiting) return;
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

/** Takes one away. `by`: who did; null: its time was over. */
export function clearAnnouncement(core: CoreState, turn: Turn, id: string, by: string | null): void {
  const at = core.announcements.findIndex((one) => one.id === id);
  if (at < 0) return;
  core.announcements.splice(at, 1);
  clearTimer(core, turn, announcementTimer(id));
  turn.facts.push({ at: turn.at, type: "announcement.cleared", announcement: id, by });
}
