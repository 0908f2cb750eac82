import type { Competence, Waiting } from "../core/routing/types.ts";
import type { Policy } from "./policy.ts";

/**
 * What drafts are held against: the call that has waited longest to the agent who has been idle longest, of all who have the
 * group, in any line and at any level, and speak the language. No ladder, no priority, no sparing.
 */
export function plain(): Policy {
  const agents = new Map<string, Competence>();
  /** In order of becoming free. */
  const idle = new Map<string, Competence>();
  /** Calls that ask for the same group and languages, in order of arrival. */
  const lines = new Map<string, Map<string, Waiting>>();
  const waiting = new Map<string, Waiting>();
  let newest = Number.NEGATIVE_INFINITY;
  return {
    setAgent: (id, competence) => void agents.set(id, competence),
    removeAgent(id) {
      agents.delete(id);
      idle.delete(id);
    },
    free(id) {
      const competence = agents.get(id);
      if (competence) idle.set(id, competence);
    },
    busy: (id) => void idle.delete(id),
    keptMs: () => 0,
    add(call) {
      const key = keyOf(call);
      const line = lines.get(key) ?? new Map<string, Waiting>();
      lines.set(key, line);
      line.set(call.id, call);
      waiting.set(call.id, call);
      if (call.order < newest) sort(line);
      else newest = call.order;
    },
    remove(id) {
      const call = waiting.get(id);
      if (!call) return;
      waiting.delete(id);
      lines.get(keyOf(call))?.delete(id);
    },
    agentFor(call) {
      for (const [agent, competence] of idle) if (may(competence, call)) return { call: call.id, agent };
      return undefined;
    },
    callFor(agent) {
      const competence = idle.get(agent);
      let first: Waiting | undefined;
      if (!competence) return undefined;
      for (const line of lines.values()) {
        const head = line.values().next().value;
        if (head && (!first || head.order < first.order) && may(competence, head)) first = head;
      }
      return first && { call: first.id, agent };
    },
    nextStepAt: () => undefined,
    // The same people at the same times as under the draft, or the comparison would be one of staff.
    callIn: () => undefined,
  };
}

const keyOf = ({ ask }: Waiting): string => `${ask.group}|${ask.languages.join(" ")}`;

function may({ skills, languages }: Competence, { ask }: Waiting): boolean {
  return skills.some(({ group }) => group === ask.group) && ask.languages.some((language) => languages[language] !== undefined);
}

/** A call that came back takes its old place. */
function sort(line: Map<string, Waiting>): void {
  const sorted = [...line].sort(([, a], [, b]) => a.order - b.order);
  line.clear();
  for (const [id, call] of sorted) line.set(id, call);
}
