import { leaves, message, talked, thanks, theNumber, told, type Way, waits } from "./way.ts";

const shut = "closed opens-at day clock closed-message closed-callback closed-urgent";
const full = "many-waiting waiting-choices";
const closed = { type: "call.turned-away", because: "closed" };

/** Ways of callers who are not let in, whom nobody answers, or who come to where nobody expected them. */
export const doors: readonly Way[] = [
  {
    name: "closed number, no key",
    start: "{ menu: top }",
    entry: "hours: never, closed: { menu: shut }",
    talk: `greeting ${shut} / no-key ${shut} / goodbye`,
    ends: told,
  },
  {
    name: "closed group, message",
    start: "{ group: shut }",
    talk: `greeting ${shut} / > 1 / voicemail-start / > speaks / > # / voicemail-confirm / ${thanks}`,
    ends: told,
    facts: [closed, { type: "call.message", recording: 1 }],
  },
  {
    name: "closed group, callback",
    start: "{ group: shut }",
    talk: `greeting ${shut} / > 2 / ${theNumber} / > 1 / callback-booked goodbye`,
    ends: told,
    facts: [closed, { type: "callback.booked", group: "shut" }],
  },
  {
    name: "closed group, on duty",
    start: "{ group: shut }",
    talk: `greeting ${shut} / > 3 / connecting / on-duty-trying-next`,
    ends: talked,
    facts: [closed],
  },
  { name: "the one who waits", start: "{ group: crowded }", talk: "greeting place", ends: waits },
  {
    name: "full, no key",
    start: "{ group: crowded }",
    beside: "the one who waits",
    talk: `greeting ${full} / no-key ${full} / place`,
    ends: waits,
    facts: [
      { type: "call.turned-away", because: "full" },
      { type: "call.queued", group: "last" },
    ],
  },
  {
    name: "full, callback",
    start: "{ group: crowded }",
    beside: "the one who waits",
    talk: `greeting ${full} / > 1 / ${theNumber} / > 1 / callback-booked goodbye`,
    ends: told,
    facts: [{ type: "callback.booked", group: "crowded" }],
  },
  {
    name: "empty group",
    start: "{ group: empty }",
    talk: "greeting other-group place",
    ends: waits,
    facts: [{ type: "call.fallback", group: "empty", toGroup: "last" }],
  },
  {
    name: "nobody speaks the language",
    start: "{ group: wait }",
    entry: "language: en",
    talk: "greeting no-speaker press-main / > 7 / wrong-key no-speaker press-main / > 1 / place",
    ends: waits,
    facts: [{ type: "call.fallback", languages: ["en"], toLanguages: ["sv"], agreed: true }],
  },
  {
    name: "comfort, news and a message while waiting",
    start: "{ group: alone }",
    talk: `greeting place / waiting-comfort waiting-choices / > 4 / news / place / > 2 / voicemail-start / ${message}`,
    ends: told,
    facts: [
      { type: "call.left-queue", group: "alone" },
      { type: "call.message", group: "alone" },
    ],
  },
  {
    name: "callback while waiting",
    start: "{ group: wait }",
    talk: `greeting place / > 1 / ${theNumber} / > 1 / callback-booked goodbye`,
    ends: told,
    facts: [{ type: "callback.booked", group: "wait" }],
  },
  {
    name: "a callback is promised already",
    start: "{ menu: top }",
    from: "0701740691",
    after: "to the number that rings",
    talk: "greeting callback-already / > 1 / callback-cancelled menu",
    ends: leaves,
  },
  {
    name: "the language of the last call",
    start: "{ menu: top }",
    from: "0701740692",
    after: "chosen",
    talk: "greeting menu",
    ends: leaves,
    facts: [{ type: "call.said", prompts: ["greeting", "menu"], language: "en" }],
  },
  {
    name: "a number never heard of",
    start: "{ menu: top }",
    dials: "0899999999",
    talk: "greeting menu / > 1 / place",
    ends: waits,
    facts: [{ type: "call.arrived", number: "+46846500400" }],
  },
];
