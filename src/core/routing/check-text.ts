import { languageName } from "../plan/language-name.ts";
import type { Text } from "../plan/plan.ts";
import type { Named, RoutingProblem } from "./check.ts";

/** The problem in one line, with what to do about it. */
export function problemText(problem: RoutingProblem): Text {
  switch (problem.kind) {
    case "no-agents":
      return {
        sv: "Ingen handläggare är upplagd, så inga samtal kan besvaras: lägg upp handläggare.",
        en: "No agents are set up, so no call can be answered: add agents.",
      };
    case "group-unserved":
      return both(
        problem.group,
        (group) => `Ingen handläggare svarar för ${group}: ge någon den kunskapen, eller låt en grupp hjälpa till.`,
        (group) => `No agent answers for ${group}: give someone the skill, or let another group help.`,
      );
    case "ladder-unreached":
      return both(
        problem.group,
        (group) => `Inget steg i ${group} släpper fram någon handläggare: lägg till ett vidare steg i planens ladder.`,
        (group) => `No step of ${group} lets any agent in: add a wider step to its ladder in the plan.`,
      );
    case "language-unspoken":
      return {
        sv: `Ingen handläggare talar ${languageName(problem.language, "sv")}: lägg till språket hos någon, eller ta bort det ur planen.`,
        en: `No agent speaks ${languageName(problem.language, "en")}: add the language to someone, or take it out of the plan.`,
      };
    case "language-unspoken-in": {
      const { groups, language } = problem;
      return {
        sv: `Ingen talar ${languageName(language, "sv")} så bra som sista steget kräver i ${listed(groups, "sv")}, eller hos grannar som hjälper dem: lägg till språket hos någon där, eller låt en grupp hjälpa till.`,
        en: `Nobody speaks ${languageName(language, "en")} as well as the last step asks in ${listed(groups, "en")}, or among neighbours who help them: add the language to someone there, or let another group help.`,
      };
    }
    case "circular-neighbours": {
      const circle = (language: keyof Text) =>
        [...problem.groups, ...problem.groups.slice(0, 1)].map(({ name }) => name[language]);
      return {
        sv: `Grupper hjälper varandra i en ring: ${circle("sv").join(" → ")}. Låt hjälpen gå åt ett håll, annars tar de varandras handläggare.`,
        en: `Groups help each other in a circle: ${circle("en").join(" → ")}. Let the help go one way, or they take each other's agents.`,
      };
    }
    case "no-second-line": {
      const list = (language: keyof Text) => problem.groups.map(({ name }) => name[language]).join(", ");
      return {
        sv: `Ingen handläggare står i andra linjen, som regeln ska kalla in, för: ${list("sv")}. Sätt någon där, eller ta bort regeln.`,
        en: `No agent is in the second line, which the rule is to call in, of: ${list("en")}. Put someone there, or take the rule away.`,
      };
    }
  }
}

/** A longer list is not read; the plan has it. */
const mostListed = 4;

function listed(groups: readonly Named[], language: keyof Text): string {
  const first = groups.slice(0, mostListed).map(({ name }) => name[language]);
  const more = groups.length - first.length;
  if (more === 0) return first.join(", ");
  return `${first.join(", ")} ${language === "sv" ? `och ${more} till` : `and ${more} more`}`;
}

function both({ name }: Named, sv: (group: string) => string, en: (group: string) => string): Text {
  return { sv: sv(name.sv), en: en(name.en) };
}
