import Type from "typebox";
import { KontaktlotsError } from "../../core/errors.ts";
import { promptText } from "../../core/plan/prompt-text.ts";
import { answersBody } from "../../engine/link-schema.ts";
import { hashOfToken } from "../../store/survey-port.ts";
import type { App } from "../app.ts";
import type { SurveyReply } from "../contract.ts";
import type { FrontDeps } from "../deps.ts";

const strict = { additionalProperties: false } as const;
/** 128 bits as base64url. */
const token = Type.String({ pattern: "^[A-Za-z0-9_-]{22}$" });

/** From one address, which a mobile network's customers share. */
const asksAMinute = 60;

/**
 * POST /api/survey and /api/survey/answers: what a link asks, and the answers, once. No log-in: who has the token has the link. It
 * stands in the body, as addresses come into logs.
 */
export function addSurvey(app: App, { surveys, plan, link, log, now = Date.now }: FrontDeps): void {
  const limited = { config: { rateLimit: { max: asksAMinute, timeWindow: "1 minute", errorResponseBuilder: tooMany } } };

  app.post(
    "/api/survey",
    { ...limited, schema: { body: Type.Object({ token }, strict) } },
    async (request, reply): Promise<SurveyReply> => {
      const survey = await surveys.find(hashOfToken(request.body.token), now());
      if (survey === undefined) throw closed();
      const { language, questions } = survey;
      reply.header("cache-control", "no-store");
      return {
        city: plan.city,
        language: language === "sv" || language === "en" ? language : null,
        questions: questions.map((id) => ({ id, text: promptText(plan, id) })),
      };
    },
  );

  app.post(
    "/api/survey/answers",
    { ...limited, schema: { body: Type.Object({ token, answers: answersBody }, strict) } },
    async (request, reply) => {
      const { answers } = request.body;
      const hash = hashOfToken(request.body.token);
      const asked = await surveys.find(hash, now());
      if (asked === undefined) throw closed();
      const questions = new Set(answers.map(({ question }) => question));
      if (questions.size < answers.length || ![...questions].every((one) => asked.questions.includes(one))) throw notAsked();
      const survey = await surveys.use(hash, now());
      if (survey === undefined) throw closed();
      try {
        await link.send({ type: "survey-answers", call: survey.call, group: survey.group, answers });
      } catch (error) {
        await surveys.reopen(hash);
        throw error;
      }
      log.info({ call: survey.call, answers: answers.length }, "A survey was answered on the page.");
      return reply.status(204).send();
    },
  );
}

function closed(): KontaktlotsError {
  return new KontaktlotsError("NOT_FOUND", "This link is used, too old, or not whole.", "Nothing to do: the call is over.");
}

function notAsked(): KontaktlotsError {
  return new KontaktlotsError("REQUEST_INVALID", "That is not what this link asks.", "Answer each of its questions once.");
}

function tooMany(_request: unknown, { ttl }: { readonly ttl: number }): KontaktlotsError {
  return new KontaktlotsError("TOO_MANY_REQUESTS", "Too much was asked.", `Wait ${Math.ceil(ttl / 1000)} seconds.`);
}
