import type { Where } from "../core/announcements/announcement.ts";
import type { Answered, MatterStatus } from "../core/events.ts";
import type { Outcome } from "../core/facts.ts";
import type { Language, PhoneNumber, Text } from "../core/plan/plan.ts";
import type { Competence } from "../core/routing/types.ts";
import type { AgentView, BoardView, CaptionView, LineView } from "../engine/views.ts";
import type { GroupFigures } from "../stats/report.ts";
import type { Role } from "../store/account-port.ts";
import type { Matter } from "../store/matter-port.ts";

export type { Role };

/**
 * The HTTP and live interface between pages and server. Types only: the web workspace imports it too.
 *
 * GET  /health                 200 HealthReply when all serve, else 503 HealthReply
 * GET  /api/session            SessionReply (401 LOGIN_NEEDED)
 * POST /api/session            {user, password} → SessionReply (401 LOGIN_FAILED)
 * DELETE /api/session          204
 * GET  /api/agent/phone        PhoneReply: what sip.js registers with (role agent)
 * POST /api/agent/command      AgentCommandBody → 204 (409 COMMAND_REFUSED, 503 ENGINE_AWAY)
 * POST /api/demo/phone         PhoneReply with tag and numbers, for the citizen's demo phone (no log-in; only while demo is on)
 * GET  /api/demo               DemoReply: demo log-ins to show on the start page (404 when demo is off)
 * GET  /api/plan               PlanReply
 * GET  /api/me/profile         AgentProfileReply: what the signed-in agent brings (role agent)
 * PUT  /api/me/languages       LanguagesBody → AgentProfileReply (role agent); the whole list, routed by at once
 * GET  /api/agents             AgentsReply (roles lead, admin)
 * GET  /api/agents/:id/competence   AgentProfileReply (roles lead, admin; 404 NOT_FOUND)
 * PUT  /api/agents/:id/competence   Competence → AgentProfileReply (roles lead, admin; 404 NOT_FOUND; 400 for a name the plan has not)
 * POST /api/callbacks/cancel   {call} → 204 (roles lead, admin; 409 COMMAND_REFUSED, 503 ENGINE_AWAY)
 * POST /api/announcements        AnnouncementBody → 204 when callers hear it, in the main language at least: BoardView tells of the others
 *                              (roles lead, admin; 400 what is to be mended, 409 ANNOUNCEMENTS_FULL, 422 PROMPT_FAILED: no voice for a language, no sound in a recording)
 * DELETE /api/announcements/:id    204 (roles lead, admin; 404 when it is not in force any more)
 * POST /api/announcements/preview  PreviewBody → audio/wav, as callers would hear it (roles lead, admin; 422 PROMPT_FAILED)
 * POST /api/announcements/recordings  audio/wav, at most 12 MB → RecordingReply (roles lead, admin)
 *                              Those in force stand in BoardView, for everybody who is signed in.
 * GET  /api/statistics?from=YYYY-MM-DD&to=YYYY-MM-DD&group=ID   StatisticsReply (roles lead, admin)
 * GET  /api/matters?before=NUMBER&open=1   MattersReply, the newest first, 50 at a time (roles lead, admin); open=1: not those done
 * GET  /api/matters/:number   MatterReply (roles lead, admin; 404 NOT_FOUND)
 * PUT  /api/matters/:number   MatterStatusBody → MatterReply (roles lead, admin; 404 NOT_FOUND)
 * GET  /api/matters/:number/sound   audio/wav, whole or by Range (roles lead, admin; 404 NOT_FOUND while it has no sound)
 * POST /api/survey            {token} → SurveyReply: what the link in a text message asks (no log-in; 404 NOT_FOUND: used, too old, not whole)
 * POST /api/survey/answers    SurveyBody → 204, once (likewise; 400 for a question it does not ask, 503 ENGINE_AWAY: to be sent again)
 * WS   /live                   LiveMessage, server to page: line, board (with log-in), own agent view (agents), captions (?tag=…)
 * WS   /ws                     Asterisk's SIP-over-WebSocket, passed through as it is (subprotocol sip)
 * GET  / /agent /phone /statistics /competence /matters /live /crisis /survey    the pages: all are src/web/dist/index.html, which looks at its own path;
 *                              its files lie under /assets/ with their hash in the name (cacheable for ever)
 *
 * Every error is ErrorReply with a 4xx/5xx status.
 *
 * /live in detail. Without a session it gives `line` alone (start page), with ?tag= also the captions of that tag.
 * `?phone=1` asks to be the one tab that holds the agent's phone. A browser cannot read the status of a refused upgrade,
 * so the server accepts and closes with the error code as the reason: 4401 "LOGIN_NEEDED" (also later, when
 * the session ends), 4403 "ROLE_NEEDED" (not an agent), 4409 "AGENT_SECOND_TAB" (only when the older tab still answers).
 * `?phone=1&take=1` takes the phone over: the older socket gets `second-tab` and stays open as one that only looks on
 * (a call it carries goes on there until it is hung up). `line` is repeated every 10 s as a heartbeat.
 */

export interface ErrorReply {
  readonly error: { readonly code: string; readonly message: string; readonly mend: string };
}

export interface SessionReply {
  readonly user: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Set for agents. */
  readonly agent?: string;
}

export interface PhoneReply {
  /** SIP user and domain: sip:user@domain */
  readonly user: string;
  readonly domain: string;
  readonly password: string;
  /** Path of the WebSocket at the page's own origin: "/ws". */
  readonly path: string;
  /** Demo phone only: sent with the call as header X-Kontaktlots-Tag, comes back in captions. */
  readonly tag?: string;
  /** Demo phone only: the city's numbers. */
  readonly numbers?: readonly { readonly number: PhoneNumber; readonly name: Text }[];
}

export interface DemoReply {
  readonly logins: readonly {
    readonly user: string;
    readonly password: string;
    readonly name: string;
    readonly roles: readonly Role[];
  }[];
}

export interface PlanReply {
  readonly city: string;
  readonly numbers: readonly { readonly number: PhoneNumber; readonly name: Text }[];
  readonly groups: readonly { readonly id: string; readonly name: Text }[];
  readonly districts: readonly string[];
  /** Menus, for announcements to those who come to one. */
  readonly menus: readonly { readonly id: string; readonly name: Text }[];
  /** In which the lines speak, the main one first. */
  readonly spoken: readonly Language[];
  /** Those an agent may set in the profile, the commonest first. */
  readonly languages: readonly Language[];
}

/** An agent as the directory has them: never with secrets. */
export interface AgentProfileReply {
  readonly id: string;
  readonly name: string;
  readonly competence: Competence;
}

/** In order of id. */
export interface AgentsReply {
  readonly agents: readonly AgentProfileReply[];
}

export interface LanguagesBody {
  readonly languages: Competence["languages"];
}

/** An announcement to callers. The plan's main language is there, as a text or as a recording. */
export interface AnnouncementBody {
  readonly where: Where;
  readonly texts: Readonly<Record<Language, string>>;
  /** By language, as RecordingReply named them. They go before a text. */
  readonly recordings: Readonly<Record<Language, string>>;
  /** For how long, from now on: 1 to 10,080 (7 days). */
  readonly minutes: number;
  readonly alsoWaiting: boolean;
}

export interface PreviewBody {
  readonly language: Language;
  readonly text: string;
}

export interface RecordingReply {
  readonly recording: string;
}

/** A matter that a call left behind. `officer`: by name. `ms`: how long the message is. */
export type MatterReply = Omit<Matter, "recording"> & { readonly ms?: number };

export interface MattersReply {
  readonly matters: readonly MatterReply[];
  /** There are older ones: ask with `before`. */
  readonly more: boolean;
}

export interface MatterStatusBody {
  readonly status: MatterStatus;
}

/** What a link asks. `language`: in which it is shown; null: the caller speaks another than the pages do. */
export interface SurveyReply {
  readonly city: string;
  readonly language: "sv" | "en" | null;
  readonly questions: readonly { readonly id: string; readonly text: Text }[];
}

export interface SurveyBody {
  readonly token: string;
  /** At least one; to each question at most one. */
  readonly answers: readonly Answered[];
}

/** AgentCommand without the agent: that is the session's. */
export type AgentCommandBody =
  | { readonly type: "available" }
  | { readonly type: "pause"; readonly reason: "lunch" | "break" | "meeting" | "casework" | "away" }
  | { readonly type: "sign-out" }
  | { readonly type: "answering"; readonly call: string }
  | { readonly type: "refuse"; readonly call: string }
  | { readonly type: "hang-up"; readonly call: string }
  | { readonly type: "reached"; readonly call: string }
  | { readonly type: "not-reached"; readonly call: string }
  /** Rings an interpreter of the plan, who joins the talk; null: the interpreter leaves it. */
  | { readonly type: "interpreter"; readonly call: string; readonly language: string | null }
  /** Where the caller lives: a district of the plan. */
  | { readonly type: "district"; readonly call: string; readonly district: string }
  | { readonly type: "outcome"; readonly call: string; readonly outcome: Outcome }
  | { readonly type: "done"; readonly call: string };

export interface HealthReply {
  readonly ok: boolean;
  readonly line: LineView;
}

export type { Index, Ratio } from "../core/metrics/ratio.ts";
/** The figures, as `src/stats` computes them. */
export type { GroupFigures, GroupWeek, StatisticsReply, SurveyAnswers, SurveyFigures } from "../stats/report.ts";

export type LiveMessage =
  | { readonly type: "line"; readonly line: LineView }
  | { readonly type: "board"; readonly board: BoardView }
  | { readonly type: "agent"; readonly agent: AgentView }
  | { readonly type: "caption"; readonly caption: CaptionView }
  /** Figures of the day, at most once a second while they change. */
  | { readonly type: "today"; readonly rows: readonly GroupFigures[] }
  /** Another tab of the same agent took the phone over: this one must let go of it. */
  | { readonly type: "second-tab" };
