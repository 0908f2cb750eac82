import { type PromptId, spokenPlaces } from "../plan/plan.ts";

/** The sentences that the system itself says, by kind. Each has a text in every language, in `dialplans/languages/`. */
export const requiredPrompts = [
  // Every call: keys, the way to a person.
  "wrong-key",
  "no-key",
  "to-agent",
  "connecting",
  "nobody-answered",
  "goodbye",
  // Waiting.
  "place-first",
  "place-many",
  "waiting-comfort",
  "waiting-choices",
  "many-waiting",
  // Nobody can take the call as it asks.
  "other-group",
  "no-speaker",
  "press-main",
  "press-english",
  // Those who speak the caller's language are busy; then what else there is, each with its key.
  "no-speaker-free",
  "speaker-wait",
  "speaker-callback",
  "speaker-main",
  "speaker-english",
  "speaker-interpreter",
  "interpreter-coming",
  "other-languages",
  // Closed.
  "closed",
  "opens-at",
  "closed-message",
  "closed-callback",
  "closed-urgent",
  // Callback.
  "callback-offer",
  "callback-number-is",
  "callback-confirm",
  "callback-key-number",
  "callback-bad-number",
  "callback-booked",
  "callback-already",
  "callback-cancelled",
  "callback-none-now",
  // Messages that callers leave.
  "voicemail-start",
  "voicemail-again",
  "voicemail-confirm",
  "voicemail-thanks",
  "voicemail-empty",
  "matter-number-is",
  "matter-code-is",
  "matter-told-again",
  // Direct numbers.
  "key-extension",
  "extension-unknown",
  "officer-busy",
  "officer-away",
  "officer-meeting",
  "officer-lunch",
  "officer-leave",
  "officer-ill",
  "officer-travel",
  "officer-gone-home",
  "officer-back",
  "officer-choices",
  // Districts.
  "key-postcode",
  "postcode-unknown",
  "district-transfer",
  // The caller's own matter.
  "key-matter-number",
  "key-matter-code",
  "matter-unknown",
  "matter-status-received",
  "matter-status-in-progress",
  "matter-status-done",
  "matter-status-waiting-for-you",
  // Questions after the call.
  "survey-start",
  "survey-question-solved",
  "survey-question-kindness",
  "survey-question-wait",
  "survey-thanks",
  "survey-sms-offer",
  "survey-sms-coming",
  // Where somebody else answers, and who is on duty.
  "referral-housing",
  "on-duty-trying-next",
  // Crisis announcements.
  "announce-pin",
  "announce-wrong-pin",
  "announce-choices",
  "announce-record",
  "announce-confirm",
  "announce-published",
  "announce-cleared",
  "announce-failed",
] as const satisfies readonly PromptId[];

/** Sentences with a number in them: of one text, `place-n`, comes a prompt for each number, `place-2` … `place-20`. */
export const numbered = {
  "place-n": { from: 2, to: spokenPlaces },
  "language-choice-n": { from: 1, to: 9 },
} as const satisfies Readonly<Record<PromptId, { readonly from: number; readonly to: number }>>;

/** Whether a text under this id says `{n}`, and stands for several prompts. */
export function isNumbered(id: string): id is keyof typeof numbered {
  return Object.hasOwn(numbered, id);
}

/** The prompts that come of a numbered sentence, each with its number. */
export function numberedPrompts(id: keyof typeof numbered): readonly { readonly prompt: PromptId; readonly n: number }[] {
  const { from, to } = numbered[id];
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const n = from + index;
    return { prompt: `${id.slice(0, -1)}${n}`, n };
  });
}
