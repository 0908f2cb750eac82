import { mayCancel } from "../core/callback/attempt.ts";
import { KontaktlotsError } from "../core/errors.ts";
import type { CoreState } from "../core/state.ts";
import type { Unstamped } from "../telephony/telephony.ts";
import type { AgentCommand, SurveyCommand } from "./link-protocol.ts";

/** An agent's command as a core event. Errors: AGENT_UNKNOWN, COMMAND_REFUSED when it no longer fits the agent's state. */
export function eventOf(core: CoreState, command: AgentCommand): Unstamped {
  const agent = core.agents.get(command.agent);
  if (!agent) {
    throw new KontaktlotsError(
      "AGENT_UNKNOWN",
      `There is no agent ${command.agent}.`,
      "Sign in again; an admin may have removed the agent.",
    );
  }
  if ("call" in command && agent.call !== command.call && agent.wrapUp?.call !== command.call) {
    throw new KontaktlotsError(
      "COMMAND_REFUSED",
      "That call is no longer with this agent.",
      "Nothing to do: the page shows the present state.",
    );
  }
  switch (command.type) {
    case "available":
      return { type: "agent.available", agent: command.agent };
    case "pause":
      return { type: "agent.pause", agent: command.agent, reason: command.reason };
    case "sign-out":
      return { type: "agent.sign-out", agent: command.agent };
    case "answering":
      return { type: "agent.answering", agent: command.agent, call: command.call };
    case "refuse":
      return { type: "agent.refuse", agent: command.agent, call: command.call };
    case "hang-up":
      return { type: "agent.hang-up", agent: command.agent, call: command.call };
    case "reached":
      return { type: "agent.reached", agent: command.agent, call: command.call };
    case "not-reached":
      return { type: "agent.not-reached", agent: command.agent, call: command.call };
    case "interpreter":
      if (command.language !== null && core.plan?.interpreters?.[command.language] === undefined) {
        throw new KontaktlotsError(
          "COMMAND_REFUSED",
          `There is no interpreter of ${command.language}.`,
          "Add one to the plan, under interpreters.",
        );
      }
      return { type: "agent.interpreter", agent: command.agent, call: command.call, language: command.language };
    case "district":
      if (!core.plan?.districts.includes(command.district)) {
        throw new KontaktlotsError(
          "COMMAND_REFUSED",
          `There is no district ${command.district}.`,
          "Choose one of the plan's, under districts.",
        );
      }
      return { type: "agent.district", agent: command.agent, call: command.call, district: command.district };
    case "outcome":
      return { type: "agent.outcome", agent: command.agent, call: command.call, outcome: command.outcome };
    case "done":
      return { type: "agent.done", agent: command.agent, call: command.call };
  }
}

/** A callback that a team lead takes off the list. Errors: COMMAND_REFUSED when it is over, or the citizen is being talked with. */
export function cancelEvent(core: CoreState, id: string): Unstamped {
  const call = core.calls.get(id);
  if (!call || !mayCancel(call)) {
    throw new KontaktlotsError(
      "COMMAND_REFUSED",
      "That callback cannot be called off any more.",
      "Nothing to do: it is over, or the citizen is being talked with.",
    );
  }
  return { type: "callback.cancel", call: id };
}

/** What a caller has answered on the page, whether or not the call is still known. */
export function answersEvent({ type: _, ...answered }: SurveyCommand): Unstamped {
  return { type: "survey.answered", ...answered };
}
