import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { type ErrorCode, KontaktlotsError } from "../core/errors.ts";
import type { App } from "./app.ts";
import type { ErrorReply } from "./contract.ts";

/** HTTP status of each code that is not simply our own failure (500). */
const statuses: Partial<Record<ErrorCode, number>> = {
  REQUEST_INVALID: 400,
  COMMAND_INVALID: 400,
  LOGIN_FAILED: 401,
  LOGIN_NEEDED: 401,
  ROLE_NEEDED: 403,
  NOT_FOUND: 404,
  ANNOUNCEMENTS_FULL: 409,
  PROMPT_FAILED: 422,
  AGENT_UNKNOWN: 409,
  AGENT_SECOND_TAB: 409,
  COMMAND_REFUSED: 409,
  TOO_MANY_REQUESTS: 429,
  ENGINE_AWAY: 503,
  ENGINE_STALLED: 503,
  ASTERISK_UNREACHABLE: 503,
  ARI_LINK_LOST: 503,
  ARI_TIMEOUT: 503,
  STORE_FAILED: 503,
  STORE_FULL: 503,
  STORE_LOCKED: 503,
};

/** Makes every error, and every unknown address, an ErrorReply. What is our own failure goes to the log, and its details nowhere else. */
export function addErrors(app: App): void {
  app.setErrorHandler((thrown: FastifyError, request, reply) => sendError(coded(thrown), request, reply, thrown.statusCode));
  app.setNotFoundHandler((request, reply) => {
    const error = new KontaktlotsError("NOT_FOUND", "There is nothing at this address.", "Go to the start page.");
    return sendError(error, request, reply);
  });
}

function sendError(error: KontaktlotsError, request: FastifyRequest, reply: FastifyReply, ownStatus?: number): FastifyReply {
  const { code, message, mend } = error;
  const status = code === "REQUEST_INVALID" && ownStatus !== undefined ? ownStatus : (statuses[code] ?? 500);
  if (status === 500) request.log.error({ err: error, code, url: request.url }, "A request failed.");
  else request.log.debug({ code, url: request.url }, message);
  const shown: ErrorReply["error"] =
    code === "INTERNAL"
      ? { code, message: "Something failed in the server.", mend: `Try again. If it stays, tell who runs this: ${request.id}.` }
      : { code, message, mend };
  return reply.status(status).send({ error: shown } satisfies ErrorReply);
}

/** Fastify's own refusals (schema, size, media type, broken JSON) are the sender's; what else has no code is ours. */
function coded(thrown: FastifyError): KontaktlotsError {
  if (thrown instanceof KontaktlotsError) return thrown;
  if (thrown.statusCode !== undefined && thrown.statusCode >= 400 && thrown.statusCode < 500) {
    return new KontaktlotsError(
      "REQUEST_INVALID",
      `The request is not valid: ${thrown.message}.`,
      "Correct it and send it again.",
      {},
      thrown,
    );
  }
  return new KontaktlotsError("INTERNAL", thrown.message, "Look at the log around it.", {}, thrown);
}
