import type {
  AgentCommandBody,
  AgentProfileReply,
  AgentsReply,
  AnnouncementBody,
  DemoReply,
  ErrorReply,
  LanguagesBody,
  MatterReply,
  MatterStatusBody,
  MattersReply,
  PhoneReply,
  PlanReply,
  PreviewBody,
  RecordingReply,
  SessionReply,
  StatisticsReply,
  SurveyBody,
  SurveyReply,
} from "../../api/contract.ts";
import type { Competence } from "../../core/routing/types.ts";

/** What the server, or the way to it, answered instead of what was asked. `code` picks the sentence that is shown. */
export class ApiError extends Error {
  readonly code: string;
  readonly mend: string;

  constructor(code: string, message: string, mend: string) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.mend = mend;
  }
}

/** Any thrown value as the code that picks its sentence. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof ApiError ? thrown.code : "INTERNAL";
}

/** Longest wait for an answer, ms; after that the line counts as lost. */
const timeoutMs = 10_000;
/** As long for an announcement, whose sound is made first, in many languages perhaps. */
const announcingMs = 25_000;

async function send(method: string, path: string, body?: unknown, limitMs = timeoutMs): Promise<Response> {
  const [type, content] = body instanceof Blob ? ["audio/wav", body] : ["application/json", JSON.stringify(body)];
  const sent = body === undefined ? {} : { headers: { "content-type": type }, body: content };
  let reply: Response;
  try {
    reply = await fetch(path, { method, ...sent, signal: AbortSignal.timeout(limitMs) });
  } catch (cause) {
    throw new ApiError("LINE_LOST", String(cause), "");
  }
  if (reply.ok) return reply;
  const answer: unknown = await reply.json().catch(() => undefined);
  if (isErrorReply(answer)) throw new ApiError(answer.error.code, answer.error.message, answer.error.mend);
  throw new ApiError("INTERNAL", `${method} ${path}: ${reply.status}`, "");
}

async function ask(method: string, path: string, body?: unknown, limitMs?: number): Promise<unknown> {
  const reply = await send(method, path, body, limitMs);
  if (reply.status === 204) return undefined;
  return reply.json().catch(() => {
    throw new ApiError("INTERNAL", `${method} ${path}: no JSON`, "");
  });
}

function isErrorReply(answer: unknown): answer is ErrorReply {
  if (typeof answer !== "object" || answer === null || !("error" in answer)) return false;
  const { error } = answer;
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string";
}

const competencePath = (agent: string): string => `/api/agents/${encodeURIComponent(agent)}/competence`;

/** The server's HTTP interface as in src/api/contract.ts. Every call rejects with ApiError. */
export const api = {
  session: () => ask("GET", "/api/session") as Promise<SessionReply>,
  signIn: (user: string, password: string) => ask("POST", "/api/session", { user, password }) as Promise<SessionReply>,
  signOut: () => ask("DELETE", "/api/session") as Promise<void>,
  agentPhone: () => ask("GET", "/api/agent/phone") as Promise<PhoneReply>,
  command: (command: AgentCommandBody) => ask("POST", "/api/agent/command", command) as Promise<void>,
  cancelCallback: (call: string) => ask("POST", "/api/callbacks/cancel", { call }) as Promise<void>,
  demoPhone: () => ask("POST", "/api/demo/phone", {}) as Promise<PhoneReply>,
  demo: () => ask("GET", "/api/demo") as Promise<DemoReply>,
  profile: () => ask("GET", "/api/me/profile") as Promise<AgentProfileReply>,
  setLanguages: (languages: LanguagesBody["languages"]) =>
    ask("PUT", "/api/me/languages", { languages } satisfies LanguagesBody) as Promise<AgentProfileReply>,
  agents: () => ask("GET", "/api/agents") as Promise<AgentsReply>,
  competence: (agent: string) => ask("GET", competencePath(agent)) as Promise<AgentProfileReply>,
  setCompetence: (agent: string, competence: Competence) =>
    ask("PUT", competencePath(agent), competence) as Promise<AgentProfileReply>,
  matters: (which: { readonly open: boolean; readonly before?: string }) =>
    ask(
      "GET",
      `/api/matters?${new URLSearchParams({ ...(which.open ? { open: "1" } : {}), ...(which.before ? { before: which.before } : {}) })}`,
    ) as Promise<MattersReply>,
  matter: (number: string) => ask("GET", `/api/matters/${encodeURIComponent(number)}`) as Promise<MatterReply>,
  setMatterStatus: (number: string, status: MatterReply["status"]) =>
    ask("PUT", `/api/matters/${encodeURIComponent(number)}`, { status } satisfies MatterStatusBody) as Promise<MatterReply>,
  survey: (token: string) => ask("POST", "/api/survey", { token }) as Promise<SurveyReply>,
  answerSurvey: (body: SurveyBody) => ask("POST", "/api/survey/answers", body) as Promise<void>,
  plan: () => ask("GET", "/api/plan") as Promise<PlanReply>,
  announce: (body: AnnouncementBody) => ask("POST", "/api/announcements", body, announcingMs) as Promise<void>,
  clearAnnouncement: (id: string) => ask("DELETE", `/api/announcements/${encodeURIComponent(id)}`) as Promise<void>,
  previewAnnouncement: async (body: PreviewBody) => (await send("POST", "/api/announcements/preview", body)).blob(),
  keepRecording: (wav: Blob) => ask("POST", "/api/announcements/recordings", wav) as Promise<RecordingReply>,
  statistics: (from: string, to: string, group?: string) =>
    ask(
      "GET",
      `/api/statistics?${new URLSearchParams({ from, to, ...(group === undefined ? {} : { group }) })}`,
    ) as Promise<StatisticsReply>,
};
