import type { Fact } from "../../src/core/facts.ts";
import type { NodeKind } from "../../src/core/plan/node.ts";

/** Every way through the plan of `fixtures/plans/ways`: what the caller hears and does, in turn, and how the call ends. */

type Ended = Extract<Fact, { type: "call.ended" }>;

export interface Way {
  readonly name: string;
  /** Where its number leads, as in a plan. */
  readonly start: string;
  /** What else the plan says of its number. */
  readonly entry?: string;
  /** Rings this instead of a number of its own. */
  readonly dials?: string;
  /** Who rings, when that matters; "anonymous": a withheld number. */
  readonly from?: string;
  /** Begins when the way of that name is over … */
  readonly after?: string;
  /** … or when it has come to its end, and waits there for this one. */
  readonly beside?: string;
  /**
   * What is said, prompt after prompt, one line for each time that something is said, with what differs from time to time left out
   * (`familyOf`); "> 123#": keys the caller presses then; "> speaks": what is being recorded.
   */
  readonly talk: readonly string[];
  /** A caller hangs up when all that was said and done. */
  readonly ends: `${Ended["stage"]} by ${Ended["by"]}`;
}

const hangsUp = (stage: "menu" | "queue") => `${stage} by caller` as const;
const told = "menu by engine";
const talked = "outside by outside";
const number = "callback-number-is digit callback-confirm";

/** At least one for every kind of node: the compiler asks for a kind that is new. */
export const nodes: Readonly<Record<NodeKind, readonly [Way, ...Way[]]>> = {
  menu: [
    {
      name: "keys lead on, back, once more and into another language",
      start: "{ menu: top }",
      talk: ["greeting menu", "> 3", "menu-deep", "> #", "menu", "> *", "menu", "> 2", "news", "menu", "> 9", "menu"],
      ends: hangsUp("menu"),
    },
    {
      name: "three wrong keys",
      start: "{ menu: top }",
      from: "anonymous",
      talk: ["greeting menu", "> 5", "wrong-key menu", "> 6", "wrong-key menu", "> 7", "place"],
      ends: hangsUp("queue"),
    },
    {
      name: "no key",
      start: "{ menu: top }",
      talk: ["greeting menu", "no-key menu", "no-key menu", "place"],
      ends: hangsUp("queue"),
    },
    {
      name: "no key, and an end",
      start: "{ menu: deep }",
      talk: ["greeting menu-deep", "no-key menu-deep", "goodbye"],
      ends: told,
    },
  ],
  message: [
    { name: "heard to its end", start: "{ step: farewell }", talk: ["greeting news", "goodbye"], ends: told },
    { name: "a key goes on", start: "{ step: farewell }", talk: ["greeting news", "> 1", "goodbye"], ends: told },
  ],
  languages: [
    { name: "chosen", start: "{ step: others }", talk: ["greeting language-choice", "> 1", "menu"], ends: hangsUp("menu") },
    {
      name: "a wrong key, and none",
      start: "{ step: others }",
      talk: ["greeting language-choice", "> 7", "wrong-key language-choice", "place"],
      ends: hangsUp("queue"),
    },
  ],
  dial: [
    { name: "the second answers", start: "{ step: duty }", talk: ["greeting connecting", "on-duty-trying-next"], ends: talked },
    {
      name: "busy, and nobody",
      start: "{ step: nobody }",
      talk: ["greeting connecting", "on-duty-trying-next", "nobody-answered place"],
      ends: hangsUp("queue"),
    },
  ],
  callback: [
    {
      name: "to the number that rings",
      start: "{ step: back-to }",
      from: "0701740691",
      talk: [`greeting ${number}`, "> 1", "callback-booked goodbye"],
      ends: told,
    },
    {
      name: "is there already",
      start: "{ menu: top }",
      from: "0701740691",
      after: "to the number that rings",
      talk: ["greeting callback-already", "> 1", "callback-cancelled menu"],
      ends: hangsUp("menu"),
    },
    {
      name: "to another number",
      start: "{ step: back-to }",
      talk: [`greeting ${number}`, "> 2", "callback-key-number", "> 0701740699#", number, "> 1", "callback-booked goodbye"],
      ends: told,
    },
    {
      name: "a number that may not be rung, and none",
      start: "{ step: back-to }",
      from: "anonymous",
      talk: ["greeting callback-key-number", "> 112#", "callback-bad-number callback-key-number", "no-key place"],
      ends: hangsUp("queue"),
    },
    {
      name: "nobody would ring",
      start: "{ step: back-to-nobody }",
      talk: ["greeting callback-none-now place"],
      ends: hangsUp("queue"),
    },
  ],
  voicemail: [
    {
      name: "spoken, anew, and sent",
      start: "{ step: mail }",
      talk: [
        ...["greeting voicemail-start", "> speaks", "> #", "voicemail-confirm", "> 2"],
        ...["voicemail-again", "> speaks", "> #", "voicemail-confirm", "> 5", "voicemail-thanks goodbye"],
      ],
      ends: told,
    },
    {
      name: "nothing is said",
      start: "{ step: mail }",
      talk: [
        "greeting voicemail-start",
        "> silent",
        "> #",
        "voicemail-empty voicemail-again",
        "> silent",
        "> #",
        "voicemail-empty place",
      ],
      ends: hangsUp("queue"),
    },
    { name: "hung up", start: "{ step: mail }", talk: ["greeting voicemail-start", "> speaks"], ends: hangsUp("menu") },
  ],
  extension: [
    { name: "there", start: "{ step: ext }", talk: ["greeting key-extension", "> 12003", "connecting"], ends: talked },
    {
      name: "there, by the officer's own number",
      start: "{ step: ext }",
      dials: "0846512003",
      talk: ["connecting"],
      ends: talked,
    },
    {
      name: "absent, and the group",
      start: "{ step: ext }",
      talk: ["greeting key-extension", "> 12001", "officer-meeting officer-back day clock officer-choices", "> 2", "place"],
      ends: hangsUp("queue"),
    },
    {
      name: "busy, and a message",
      start: "{ step: ext }",
      talk: [
        ...["greeting key-extension", "> 12002", "connecting", "officer-busy officer-choices", "> 3"],
        ...["voicemail-start", "> speaks", "> #", "voicemail-confirm", "> 1", "voicemail-thanks goodbye"],
      ],
      ends: told,
    },
    {
      name: "nobody's, and no key",
      start: "{ step: ext }",
      talk: ["greeting key-extension", "> 99999", "extension-unknown key-extension", "no-key place"],
      ends: hangsUp("queue"),
    },
  ],
  district: [
    {
      name: "by postal code",
      start: "{ step: where }",
      talk: ["greeting key-postcode", "> 16733", "place"],
      ends: hangsUp("queue"),
    },
    {
      name: "a code that is not there, and no key",
      start: "{ step: where }",
      talk: ["greeting key-postcode", "> 99999", "wrong-key postcode-unknown key-postcode", "place"],
      ends: hangsUp("queue"),
    },
    {
      name: "its own number",
      start: "{ step: own }",
      talk: ["greeting key-postcode", "> 16733", "district-transfer"],
      ends: talked,
    },
    {
      name: "its own number is busy",
      start: "{ step: own }",
      talk: ["greeting key-postcode", "> 12345", "district-transfer", "nobody-answered place"],
      ends: hangsUp("queue"),
    },
  ],
  "matter-status": [
    {
      name: "known",
      start: "{ step: matter }",
      talk: ["greeting key-matter-number", "> MATTER", "key-matter-code", "> CODE", "matter-status-received goodbye"],
      ends: told,
    },
    {
      name: "unknown, and no key",
      start: "{ step: matter }",
      talk: [
        "greeting key-matter-number",
        "> 2026999999",
        "key-matter-code",
        "> 1#",
        "matter-unknown key-matter-number",
        "no-key place",
      ],
      ends: hangsUp("queue"),
    },
  ],
  survey: [
    {
      name: "answered",
      start: "{ group: asked }",
      talk: [
        "greeting to-agent",
        "survey-start survey-question-solved",
        "> 5",
        "survey-question-wait",
        "> 3",
        "survey-thanks goodbye",
      ],
      ends: told,
    },
    {
      name: "not answered",
      start: "{ group: asked }",
      after: "answered",
      talk: ["greeting to-agent", "survey-start survey-question-solved", "survey-thanks goodbye"],
      ends: told,
    },
  ],
  announce: [
    {
      name: "cleared",
      start: "{ step: crisis }",
      talk: [
        "greeting announce-pin",
        "> PIN#",
        "announce-choices",
        "> 7",
        "wrong-key announce-choices",
        "> 2",
        "announce-cleared goodbye",
      ],
      ends: told,
    },
    {
      name: "a wrong PIN, and none",
      start: "{ step: crisis }",
      after: "cleared",
      talk: ["greeting announce-pin", "> 000000#", "announce-wrong-pin announce-pin", "no-key goodbye"],
      ends: told,
    },
  ],
};

const shut = "closed opens-at day clock closed-message closed-callback closed-urgent";
const full = "greeting many-waiting waiting-choices";

/** Where a caller comes to who is not let in, or whom nobody answers. */
export const doors: readonly Way[] = [
  {
    name: "closed number, no key",
    start: "{ menu: top }",
    entry: "hours: never, closed: { menu: shut }",
    talk: [`greeting ${shut}`, `no-key ${shut}`, "goodbye"],
    ends: told,
  },
  {
    name: "closed group, message",
    start: "{ group: shut }",
    talk: [`greeting ${shut}`, "> 1", "voicemail-start", "> speaks", "> #", "voicemail-confirm", "voicemail-thanks goodbye"],
    ends: told,
  },
  {
    name: "closed group, callback",
    start: "{ group: shut }",
    talk: [`greeting ${shut}`, "> 2", number, "> 1", "callback-booked goodbye"],
    ends: told,
  },
  {
    name: "closed group, on duty",
    start: "{ group: shut }",
    talk: [`greeting ${shut}`, "> 3", "connecting", "on-duty-trying-next"],
    ends: talked,
  },
  { name: "waits", start: "{ group: crowded }", talk: ["greeting place"], ends: hangsUp("queue") },
  {
    name: "full, no key",
    start: "{ group: crowded }",
    beside: "waits",
    talk: [full, "no-key many-waiting waiting-choices", "place"],
    ends: hangsUp("queue"),
  },
  {
    name: "full, callback",
    start: "{ group: crowded }",
    beside: "waits",
    talk: [full, "> 1", number, "> 1", "callback-booked goodbye"],
    ends: told,
  },
  { name: "empty group", start: "{ group: empty }", talk: ["greeting other-group place"], ends: hangsUp("queue") },
  {
    name: "nobody speaks it",
    start: "{ group: wait }",
    entry: "language: en",
    talk: ["greeting no-speaker press-main", "> 7", "no-speaker press-main", "> 1", "place"],
    ends: hangsUp("queue"),
  },
  {
    name: "comfort, news and a message while waiting",
    start: "{ group: wait }",
    talk: [
      "greeting place",
      "waiting-comfort waiting-choices",
      "> 4",
      "news",
      "place",
      "> 2",
      "voicemail-start",
      "> speaks",
      "> #",
      "voicemail-confirm",
      "> 1",
      "voicemail-thanks goodbye",
    ],
    ends: told,
  },
  {
    name: "callback while waiting",
    start: "{ group: wait }",
    talk: ["greeting place", "> 1", number, "> 1", "callback-booked goodbye"],
    ends: told,
  },
  {
    name: "a number never heard of",
    start: "{ menu: top }",
    dials: "0899999999",
    talk: ["greeting menu", "> 1", "place"],
    ends: hangsUp("queue"),
  },
];

/** Without what differs from time to time: a place, an hour, the language in which a choice is said. */
export function familyOf(prompt: string): string {
  const own = prompt.replace(/^[a-z]{2}:/, "");
  return /^(place|clock|day|digit|language-choice)-/.exec(own)?.[1] ?? own;
}

export const ways: readonly Way[] = [...Object.values(nodes).flat(), ...doors];
