import type { NodeKind } from "../../src/core/plan/node.ts";
import { leaves, message, talked, thanks, theNumber, told, type Way, waits } from "./way.ts";

const urgent = { type: "call.queued", group: "last", priority: "urgent" };

/** Ways through every kind of node. The compiler asks for a kind that is new. */
export const nodes: Readonly<Record<NodeKind, readonly [Way, ...Way[]]>> = {
  menu: [
    {
      name: "keys lead on, back, once more and into another language",
      start: "{ menu: top }",
      talk: "greeting menu / > 3 / menu-deep / > # / menu / > * / menu / > 2 / news / menu / > 9 / menu",
      ends: leaves,
    },
    {
      name: "three wrong keys",
      start: "{ menu: top }",
      from: "anonymous",
      talk: "greeting menu / > 5 / wrong-key menu / > 6 / wrong-key menu / > 7 / place",
      ends: waits,
      facts: [{ type: "call.key", key: "7", valid: false }],
    },
    { name: "no key", start: "{ menu: top }", talk: "greeting menu / no-key menu / no-key menu / place", ends: waits },
    { name: "no key, and an end", start: "{ menu: deep }", talk: "greeting menu-deep / no-key menu-deep / goodbye", ends: told },
    { name: "a key to the end", start: "{ menu: deep }", talk: "greeting menu-deep / > 8 / goodbye", ends: told },
  ],
  message: [
    { name: "heard to its end", start: "{ step: farewell }", talk: "greeting news / goodbye", ends: told },
    { name: "a key goes on", start: "{ step: farewell }", talk: "greeting news / > 1 / goodbye", ends: told },
  ],
  languages: [
    {
      name: "chosen",
      start: "{ step: others }",
      from: "0701740692",
      talk: "greeting language-choice / > 1 / menu",
      ends: leaves,
      facts: [{ type: "call.said", prompts: ["menu"], language: "en" }],
    },
    {
      name: "a wrong key, and none",
      start: "{ step: others }",
      talk: "greeting language-choice / > 7 / wrong-key language-choice / place",
      ends: waits,
    },
  ],
  dial: [
    {
      name: "busy, and the second answers",
      start: "{ step: duty }",
      talk: "greeting connecting / on-duty-trying-next",
      ends: talked,
      facts: [
        { type: "call.outside-ended", how: "busy" },
        { type: "call.outside-ended", how: "talked" },
      ],
    },
    {
      name: "busy, and nobody comes",
      start: "{ step: nobody }",
      talk: "greeting connecting / on-duty-trying-next / nobody-answered place",
      ends: waits,
      facts: [{ type: "call.outside-ended", how: "unanswered" }, urgent],
    },
  ],
  callback: [
    {
      name: "to the number that rings",
      start: "{ step: back-to }",
      from: "0701740691",
      talk: `greeting ${theNumber} / > 1 / callback-booked goodbye`,
      ends: told,
      facts: [{ type: "callback.booked", number: "+46701740691" }],
    },
    {
      name: "to another number",
      start: "{ step: back-to }",
      talk: `greeting ${theNumber} / > 2 / callback-key-number / > 0701740699# / ${theNumber} / > 1 / callback-booked goodbye`,
      ends: told,
      facts: [{ type: "callback.booked", number: "+46701740699" }],
    },
    {
      name: "a number that may not be rung, and none",
      start: "{ step: back-to }",
      from: "anonymous",
      talk: "greeting callback-key-number / > 112# / callback-bad-number callback-key-number / no-key place",
      ends: waits,
    },
    { name: "nobody would ring", start: "{ step: back-to-nobody }", talk: "greeting callback-none-now place", ends: waits },
  ],
  voicemail: [
    {
      name: "spoken, anew, a wrong key, and sent",
      start: "{ step: mail }",
      talk: `greeting voicemail-start / > speaks / > # / voicemail-confirm / > 2 / voicemail-again / > speaks / > # / voicemail-confirm / > 5 / wrong-key voicemail-confirm / > 1 / ${thanks}`,
      ends: told,
      facts: [{ type: "call.message", recording: 2, group: "last" }],
    },
    {
      name: "nothing is said",
      start: "{ step: mail }",
      talk: "greeting voicemail-start / > silent / > # / voicemail-empty voicemail-again / > silent / > # / voicemail-empty place",
      ends: waits,
    },
    {
      name: "hung up, and sent",
      start: "{ step: mail }",
      talk: "greeting voicemail-start / > speaks",
      ends: leaves,
      facts: [{ type: "call.message", recording: 1 }],
    },
  ],
  extension: [
    {
      name: "there",
      start: "{ step: ext }",
      talk: "greeting key-extension / > 12003 / connecting",
      ends: talked,
      facts: [{ type: "call.officer", officer: "cia" }],
    },
    { name: "the officer's own number", start: "{ step: ext }", dials: "0846512003", talk: "connecting", ends: talked },
    {
      name: "absent, and the group",
      start: "{ step: ext }",
      talk: "greeting key-extension / > 12001 / officer-meeting officer-back day clock officer-choices / > 2 / place",
      ends: waits,
      facts: [{ type: "call.queued", group: "wait" }],
    },
    {
      name: "busy, and a message",
      start: "{ step: ext }",
      talk: `greeting key-extension / > 12002 / connecting / officer-busy officer-choices / > 3 / voicemail-start / ${message}`,
      ends: told,
      facts: [{ type: "call.message", officer: "bo", group: "wait" }],
    },
    {
      name: "nobody's, and no key",
      start: "{ step: ext }",
      talk: "greeting key-extension / > 99999 / extension-unknown key-extension / no-key place",
      ends: waits,
    },
  ],
  district: [
    {
      name: "by postal code",
      start: "{ step: where }",
      talk: "greeting key-postcode / > 16733 / place",
      ends: waits,
      facts: [{ type: "call.queued", group: "wait", district: "Bromma" }],
    },
    {
      name: "a code that is not there, and no key",
      start: "{ step: where }",
      talk: "greeting key-postcode / > 99999 / wrong-key postcode-unknown key-postcode / place",
      ends: waits,
    },
    { name: "its own number", start: "{ step: own }", talk: "greeting key-postcode / > 16733 / district-transfer", ends: talked },
    {
      name: "its own number is busy",
      start: "{ step: own }",
      talk: "greeting key-postcode / > 12345 / district-transfer / nobody-answered place",
      ends: waits,
    },
  ],
  "matter-status": [
    {
      name: "known",
      start: "{ step: matter }",
      talk: "greeting key-matter-number / > MATTER / key-matter-code / > CODE / matter-status-received goodbye",
      ends: told,
    },
    {
      name: "unknown, and no key",
      start: "{ step: matter }",
      talk: "greeting key-matter-number / > 2026999999 / key-matter-code / > 1# / matter-unknown key-matter-number / no-key place",
      ends: waits,
    },
  ],
  survey: [
    {
      name: "answered",
      start: "{ group: asked }",
      talk: "greeting to-agent / survey-start survey-question-solved / > 5 / survey-question-wait / > 3 / survey-thanks goodbye",
      ends: "talk by engine",
      facts: [
        { type: "call.survey", question: "survey-question-solved", answer: 5 },
        { type: "call.survey", question: "survey-question-wait", answer: 3 },
      ],
    },
    {
      name: "not answered",
      start: "{ group: asked }",
      after: "answered",
      talk: "greeting to-agent / survey-start survey-question-solved / survey-thanks goodbye",
      ends: "talk by engine",
    },
  ],
  announce: [
    {
      name: "cleared",
      start: "{ step: crisis }",
      talk: "greeting announce-pin / > PIN# / announce-choices / > 7 / wrong-key announce-choices / > 2 / announce-cleared goodbye",
      ends: told,
    },
    {
      name: "a wrong PIN, and none",
      start: "{ step: crisis }",
      after: "cleared",
      talk: "greeting announce-pin / > 000000# / announce-wrong-pin announce-pin / goodbye",
      ends: told,
    },
  ],
};
