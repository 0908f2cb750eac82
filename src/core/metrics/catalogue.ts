import type { Text } from "../plan/plan.ts";
import { leastAnswers } from "./answers.ts";
import type { FormulaId } from "./ratio.ts";

/** What a figure is called and how it is made, as it stands on every report. */
export interface Definition {
  readonly formula: FormulaId;
  readonly name: Text;
  readonly definition: Text;
}

const texts: Readonly<Record<FormulaId, { readonly name: Text; readonly definition: Text }>> = {
  "availability/1": {
    name: { sv: "Tillgänglighet", en: "Availability" },
    definition: {
      sv: "Samtal som besvarats av en handläggare i svarsgruppen, av alla samtal som kommit till gruppens kö. Den som lägger på i knappvalsmenyn räknas inte. Ett samtal hör till den vecka då det kom till kön. Ett samtal som gått vidare till en annan grupp räknas en gång i varje grupp och en gång för hela staden.",
      en: "Calls answered by an agent of the group, of all calls that entered the group's queue. A caller who hangs up in the menu is not counted. A call belongs to the week in which it entered the queue. A call that went on to another group counts once in each group and once for the whole city.",
    },
  },
  "fcr/1": {
    name: { sv: "Löst vid första kontakten", en: "First-contact resolution" },
    definition: {
      sv: "Ärenden som besvarats, tagits om hand eller hänvisats rätt redan i samtalet, av alla ärenden i besvarade samtal utom felringningar och ärenden som hänvisats utanför uppdraget. Ärenden där handläggaren inte angett något resultat räknas som ej lösta; antalet visas bredvid.",
      en: "Matters answered, taken care of or rightly referred in the call itself, of all matters of answered calls except wrong numbers and matters referred out of scope. Matters for which the agent stated no outcome count as not resolved; their number is shown beside.",
    },
  },
  "fcr/2": {
    name: { sv: "Besvarad direkt", en: "Answered directly" },
    definition: {
      sv: "Ärenden som besvarats i samtalet, av samma ärenden som i ”Löst vid första kontakten”.",
      en: "Matters answered in the call, of the same matters as in “First-contact resolution”.",
    },
  },
  "service-level/1": {
    name: { sv: "Svarsmål", en: "Service level" },
    definition: {
      sv: "Samtal som besvarats inom måltiden, av besvarade samtal och samtal där den som ringde lade på efter gränsen för korta väntor.",
      en: "Calls answered within the target time, of answered calls and calls abandoned after the short-abandon limit.",
    },
  },
  "service-level/2": {
    name: { sv: "Svarsmål, av besvarade", en: "Service level, of answered" },
    definition: {
      sv: "Samtal som besvarats inom måltiden, av besvarade samtal.",
      en: "Calls answered within the target time, of answered calls.",
    },
  },
  "service-level/3": {
    name: { sv: "Svarsmål, med tappade", en: "Service level, with abandoned" },
    definition: {
      sv: "Samtal som besvarats eller lagts på inom måltiden, av besvarade och tappade samtal.",
      en: "Calls answered or abandoned within the target time, of answered and abandoned calls.",
    },
  },
  "asa/1": {
    name: { sv: "Medelväntetid", en: "Mean wait" },
    definition: {
      sv: "Medeltid från att samtalet kom till kön tills handläggaren svarade, besvarade samtal.",
      en: "Mean time from entering the queue to the agent's answer, answered calls.",
    },
  },
  "abandon/1": {
    name: { sv: "Tappade samtal", en: "Abandoned calls" },
    definition: {
      sv: "Samtal där den som ringde lade på i kön efter gränsen för korta väntor, av alla samtal som kommit till kön.",
      en: "Calls abandoned in the queue after the short-abandon limit, of all calls that entered the queue.",
    },
  },
  "aht/1": {
    name: { sv: "Hanteringstid", en: "Handling time" },
    definition: {
      sv: "Medeltid för samtal, parkering i samtalet och efterarbete.",
      en: "Mean of talk, hold within it, and wrap-up.",
    },
  },
  "satisfaction/1": {
    name: { sv: "Nöjd kund-index", en: "Satisfaction index" },
    definition: {
      sv: `Medelvärdet av svaren efter samtalet, omräknade från 1–5 till 0–100 (1 blir 0, 5 blir 100), med antalet svar bredvid. Svar med knapp och svar på sidan som ett SMS leder till räknas lika. Ett svar hör till den vecka då det gavs, och visas när hela veckan är slut. Har färre än ${leastAnswers} svarat på en fråga i en grupp under en vecka visas svaren inte, och de räknas inte med i några summor: de skulle kunna peka ut någon.`,
      en: `The mean of the answers after the call, turned from 1–5 to 0–100 (1 is 0, 5 is 100), with the number of answers beside it. Answers by key and on the page that a text message leads to count alike. An answer belongs to the week in which it was given, and is shown when the whole week is over. When fewer than ${leastAnswers} have answered a question in a group in a week, their answers are not shown, and are in no sum: they could point at a person.`,
    },
  },
};

/** The definitions of the named formulas, in that order. */
export function definitionsOf(formulas: readonly FormulaId[]): readonly Definition[] {
  return formulas.map((formula) => ({ formula, ...texts[formula] }));
}
