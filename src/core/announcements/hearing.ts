import type { MenuStep } from "../menu/walk.ts";
import { nodeOf } from "../menu/walk.ts";
import type { EntryNumber, Language, PromptId } from "../plan/plan.ts";
import type { Call, CoreState } from "../state.ts";
import { announcementOf, announcementPrompt, type InForce } from "./announcement.ts";

/** Who hears which announcement, and when: each once a call, the newest first. */

/**
 * A step with the announcements that belong before what it says. A caller hears the city's name first, so as to know that the
 * number was right, and the announcement right after it, before any menu. Whoever presses on, presses on.
 */
export function announced(core: CoreState, call: Call, step: MenuStep, entry?: EntryNumber): MenuStep {
  // Said alone, an announcement would stand for a node's own words.
  if (core.announcements.length === 0 || (step.to === "repeat" && step.say.length === 0)) return step;
  if (isStaff(core, step)) return step;
  const prompts = take(
    call,
    core.announcements.filter((one) => concerns(one, call, step)),
  );
  return prompts.length === 0 ? step : { ...step, say: behindName(step.say, prompts, entry) };
}

/**
 * For a call that waits: what it has not heard of what those who wait are to hear. Whoever waits anyway hears it when their own language
 * is ready.
 */
export function takeWaiting(core: CoreState, call: Call): PromptId[] {
  const group = call.queued?.ask.group;
  return take(
    call,
    core.announcements.filter(
      (one) => one.alsoWaiting && (isEverywhere(one, call) || isIn(one, "groups", group)) && !isComing(one, call.language),
    ),
  );
}

/** The engine was away, and what was being said is lost: it is to be heard yet. */
export function forgetUnheard(call: Call): void {
  const lost = call.playback?.prompts.map(announcementOf) ?? [];
  if (call.heard) call.heard = call.heard.filter((id) => !lost.includes(id));
}

function take(call: Call, announcements: readonly InForce[]): PromptId[] {
  const fresh = announcements.filter(({ id }) => !call.heard?.includes(id));
  if (fresh.length > 0) call.heard = [...(call.heard ?? []), ...fresh.map(({ id }) => id)];
  return fresh.map(({ id }) => announcementPrompt(id));
}

/** Those who come to set or clear an announcement are in a hurry. */
function isStaff({ plan }: CoreState, step: MenuStep): boolean {
  return plan !== null && "place" in step && nodeOf(plan, step.place.node)?.kind === "announce";
}

function concerns(one: InForce, call: Call, step: MenuStep): boolean {
  if (isEverywhere(one, call)) return true;
  if (step.to === "group") return isIn(one, "groups", step.group);
  return step.to !== "end" && isIn(one, "menus", step.place.node);
}

function isEverywhere({ where }: InForce, call: Call): boolean {
  return where === "all" || (where.numbers?.includes(call.number) ?? false);
}

const isComing = ({ texts, heardIn, notIn }: InForce, language: Language): boolean =>
  Object.hasOwn(texts, language) && !heardIn.includes(language) && !notIn.includes(language);

function isIn({ where }: InForce, kind: "groups" | "menus", id: string | undefined): boolean {
  return where !== "all" && id !== undefined && (where[kind]?.includes(id) ?? false);
}

function behindName(say: MenuStep["say"], prompts: readonly PromptId[], entry: EntryNumber | undefined): MenuStep["say"] {
  const name = entry !== undefined && say[0] === entry.greeting ? 1 : 0;
  return [...say.slice(0, name), ...prompts, ...say.slice(name)];
}
