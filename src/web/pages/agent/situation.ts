import type { AgentCallView } from "../../../engine/views.ts";
import type { LiveState } from "../../client/live.ts";
import type { PhoneState } from "../../phone/softphone.ts";
import type { Talk } from "../../phone/talk.ts";

export interface Situation {
  readonly phase: "none" | "ringing" | "dialling" | "talking" | "held" | "ended";
  /** The engine's id of the call, for commands; null while only the telephone knows of it. */
  readonly id: string | null;
  /** The server's story of the call; null when there is none or it never came because the line is lost. */
  readonly view: AgentCallView | null;
  /** The call at this page's telephone; null when it is on another telephone. */
  readonly talk: Talk | null;
}

/**
 * What the agent is in the middle of, from two witnesses. While this page's telephone carries a talk it knows best; for
 * everything else the server does, as long as its line stands.
 */
export function situationOf(
  live: Pick<LiveState, "link" | "agent" | "story">,
  phone: Pick<PhoneState, "talk" | "call">,
): Situation {
  const { talk, call: here } = phone;
  const { agent } = live;
  const open = live.link === "open";
  const state = agent?.state;
  const view = agent?.call ?? null;

  if (here?.phase === "talking" && !(open && state === "wrap-up")) {
    const known = state === "ringing" || state === "talking" ? view : null;
    const phase = known?.phase === "dialling" ? "dialling" : here.held ? "held" : "talking";
    return { phase, id: known?.call ?? null, view: known, talk };
  }
  if (state === "wrap-up" && agent?.wrapUp !== undefined) {
    const { call } = agent.wrapUp;
    return { phase: "ended", id: call, view: live.story?.call === call ? live.story : null, talk };
  }
  if (open && state === "talking" && view !== null) {
    // On a desk phone, or already hung up here and about to end there.
    return { phase: view.phase === "held" || view.phase === "dialling" ? view.phase : "talking", id: view.call, view, talk };
  }
  if (here?.phase === "ringing" || (open && state === "ringing")) {
    const known = state === "ringing" ? view : null;
    return { phase: "ringing", id: known?.call ?? null, view: known, talk };
  }
  return { phase: "none", id: null, view: null, talk };
}
