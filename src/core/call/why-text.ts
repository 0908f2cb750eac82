import { languageName } from "../plan/language-name.ts";
import type { Language, Text } from "../plan/plan.ts";
import type { Why } from "../routing/choose.ts";
import type { Estimate } from "../routing/estimate.ts";
import type { Road } from "../routing/ladder.ts";
import type { WhyWaiting } from "./explain.ts";

/** Reasons in words: one line each that a team lead understands, in Swedish and English. */

/** `nameOf`: an agent's name by id. `at`: now, ms since the epoch. */
export function waitingLine(why: WhyWaiting, nameOf: (agent: string) => string, at: number): Text {
  const rest = [counts(why), estimated(why.estimate)].filter((part) => part !== undefined);
  const head = waitingHead(why, nameOf, at);
  return {
    sv: `väntar: ${[head.sv, ...rest.map(({ sv }) => sv)].join("; ")}`,
    en: `waiting: ${[head.en, ...rest.map(({ en }) => en)].join("; ")}`,
  };
}

function waitingHead(why: WhyWaiting, nameOf: (agent: string) => string, at: number): Text {
  switch (why.kind) {
    case "asked-for":
      return {
        sv: `på ${nameOf(why.agent)}, som talade med den som ringer`,
        en: `for ${nameOf(why.agent)}, who spoke with the caller`,
      };
    case "all-busy":
      return { sv: "alla som kan ta samtalet är upptagna", en: "all who may take it are on calls" };
    case "language": {
      const { sv, en } = spoken(why.languages);
      return { sv: `ingen ledig som talar ${sv}`, en: `nobody free who speaks ${en}` };
    }
    case "ladder": {
      const seconds = Math.max(0, Math.ceil(((why.nextStepAt ?? at) - at) / 1000));
      return { sv: `fler får ta samtalet om ${seconds} s`, en: `more may take it in ${seconds} s` };
    }
    case "nobody": {
      const { sv, en } = spoken(why.languages);
      return { sv: `ingen i tjänst som kan ta samtalet på ${sv}`, en: `nobody at work who may take it in ${en}` };
    }
  }
}

function counts({ talking, wrapUp, ringing }: WhyWaiting): Text | undefined {
  const parts: Text[] = [];
  if (talking > 0) parts.push({ sv: `${talking} i samtal`, en: `${talking} talking` });
  if (wrapUp > 0) parts.push({ sv: `${wrapUp} i efterarbete`, en: `${wrapUp} in wrap-up` });
  if (ringing > 0) parts.push({ sv: `det ringer hos ${ringing}`, en: `${ringing} ringing` });
  if (parts.length === 0) return undefined;
  return { sv: parts.map(({ sv }) => sv).join(", "), en: parts.map(({ en }) => en).join(", ") };
}

/** In whole minutes, the shorter end rounded down and the longer up: a range that is true rather than exact. */
function estimated(estimate: Estimate | undefined): Text | undefined {
  if (!estimate) return undefined;
  const from = Math.floor(estimate.fromMs / 60_000);
  const to = Math.max(1, Math.ceil(estimate.toMs / 60_000));
  if (from === 0) return { sv: `beräknat under ${to} min`, en: `expected under ${to} min` };
  return { sv: `beräknat ${from}–${to} min`, en: `expected ${from}–${to} min` };
}

function spoken(languages: readonly Language[]): Text {
  const named = (within: keyof Text) => languages.map((language) => languageName(language, within));
  return { sv: named("sv").join(" eller "), en: named("en").join(" or ") };
}

const roadTexts: Readonly<Record<Road, Text>> = {
  "asked-for": { sv: "talade med den som ringer senast", en: "spoke with the caller last" },
  "first-line": { sv: "svarar i gruppen", en: "answers in the group" },
  "second-line": { sv: "andra linjen, inkallad", en: "second line, called in" },
  neighbour: { sv: "hjälper en annan grupp", en: "helps another group" },
};

/** Why this agent got this call. */
export function offeredLine({ road, local, among }: Why): Text {
  const { sv, en } = roadTexts[road];
  const about = local ? { sv: ", känner stadsdelen", en: ", knows the district" } : { sv: "", en: "" };
  const of = among > 1 ? { sv: ` (valt bland ${among})`, en: ` (chosen among ${among})` } : { sv: "", en: "" };
  return { sv: `${sv}${about.sv}${of.sv}`, en: `${en}${about.en}${of.en}` };
}
