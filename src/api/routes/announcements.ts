import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { KontaktlotsError } from "../../core/errors.ts";
import { announcementBody } from "../../engine/link-schema.ts";
import type { App } from "../app.ts";
import type { AnnouncementBody, RecordingReply } from "../contract.ts";
import type { FrontDeps } from "../deps.ts";
import type { Sessions } from "../sessions.ts";

/** A text of 1,000 letters in each of ten languages, some of them of three bytes a letter. */
const mostBodyBytes = 64 * 1024;
const mostRecordingBytes = 12_000_000;
/** Making the sound takes a tenth of a second for each language, and more while very many ring. ms. */
const patienceMs = 20_000;

const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 40 }) });
const previewBody = Type.Object(
  { language: Type.String({ pattern: "^[a-z]{2}$" }), text: Type.String({ minLength: 1, maxLength: 1_000 }) },
  { additionalProperties: false },
);

/** What all callers hear on top of the rest: set and cleared by leads and administrators. */
export function addAnnouncements(app: App, { announcements, link, log }: FrontDeps, sessions: Sessions): void {
  // The one kind of body that is no JSON; other routes refuse it by their schemas, and take in no more of it than of others.
  app.addContentTypeParser("audio/wav", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  app.post("/api/announcements", { bodyLimit: mostBodyBytes, schema: { body: announcementBody } }, async (request, reply) => {
    const { account } = await sessions.need(request, "lead", "admin");
    const body: AnnouncementBody = request.body;
    await link.send({ type: "announce", by: account.user, ...body }, patienceMs);
    log.warn({ by: account.user, where: body.where, minutes: body.minutes }, "An announcement was published.");
    return reply.status(204).send();
  });

  app.delete("/api/announcements/:id", { schema: { params } }, async (request, reply) => {
    const { account } = await sessions.need(request, "lead", "admin");
    await link.send({ type: "clear-announcement", by: account.user, announcement: request.params.id });
    return reply.status(204).send();
  });

  app.post("/api/announcements/preview", { schema: { body: previewBody } }, async (request, reply) => {
    await sessions.need(request, "lead", "admin");
    const { text, language } = request.body;
    const sound = await announcements.preview(text, language);
    return reply.header("cache-control", "no-store").type("audio/wav").send(sound);
  });

  // Asked before so much is taken in, and not after.
  const onRequest = async (request: FastifyRequest): Promise<void> => {
    await sessions.need(request, "lead", "admin");
  };
  app.post(
    "/api/announcements/recordings",
    { bodyLimit: mostRecordingBytes, onRequest },
    async (request): Promise<RecordingReply> => ({ recording: await announcements.keep(wavOf(request.body)) }),
  );
}

/** A RIFF file of kind WAVE (Multimedia Programming Interface 1.0); what is in it, sox reads. Errors: REQUEST_INVALID. */
function wavOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body) && body.toString("latin1", 0, 4) === "RIFF" && body.toString("latin1", 8, 12) === "WAVE") return body;
  throw new KontaktlotsError("REQUEST_INVALID", "That is no WAV file.", "Record it again, or choose another sound file.");
}
