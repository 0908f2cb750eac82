import Type from "typebox";
import { KontaktlotsError } from "../../core/errors.ts";
import { matterStatuses } from "../../core/events.ts";
import { type Matter, matterNumber } from "../../store/matter-port.ts";
import type { App } from "../app.ts";
import type { MatterReply, MattersReply } from "../contract.ts";
import type { FrontDeps } from "../deps.ts";
import type { Sessions } from "../sessions.ts";

const number = Type.String({ pattern: "^\\d{4}-\\d{6}$" });
const params = Type.Object({ number });
const query = Type.Object({ before: Type.Optional(number), open: Type.Optional(Type.Literal("1")) });
const body = Type.Object({ status: Type.Enum([...matterStatuses]) }, { additionalProperties: false });

/** Matters of one page. */
const pageSize = 50;

/** GET /api/matters, GET and PUT /api/matters/:number, GET /api/matters/:number/sound: for leads and administrators. */
export function addMatters(
  app: App,
  { matters, officers, log, recordingsDir, now = Date.now }: FrontDeps,
  sessions: Sessions,
): void {
  const found = async (number: string): Promise<Matter> => {
    const matter = matterNumber(number) === undefined ? undefined : await matters.find(number);
    if (matter) return matter;
    throw new KontaktlotsError("NOT_FOUND", `There is no matter ${number}.`, "Look at the list of matters.");
  };
  const shown = async (matter: Matter): Promise<MatterReply> => {
    const { recording, officer, ...rest } = matter;
    const person = officer === undefined ? undefined : await officers.find(officer, now());
    return {
      ...rest,
      // Who has left the city since is named as they were known.
      ...(officer === undefined ? {} : { officer: person?.name ?? officer }),
      ...(recording === undefined ? {} : { ms: recording.ms }),
    };
  };

  app.get("/api/matters", { schema: { querystring: query } }, async (request, reply): Promise<MattersReply> => {
    await sessions.need(request, "lead", "admin");
    reply.header("cache-control", "no-store");
    const { before, open } = request.query;
    const listed = await matters.list({ most: pageSize + 1, open: open === "1", ...(before === undefined ? {} : { before }) });
    return { matters: await Promise.all(listed.slice(0, pageSize).map(shown)), more: listed.length > pageSize };
  });

  app.get("/api/matters/:number", { schema: { params } }, async (request, reply): Promise<MatterReply> => {
    await sessions.need(request, "lead", "admin");
    reply.header("cache-control", "no-store");
    return shown(await found(request.params.number));
  });

  app.put("/api/matters/:number", { schema: { params, body } }, async (request): Promise<MatterReply> => {
    const { account } = await sessions.need(request, "lead", "admin");
    const { status } = request.body;
    const matter = await matters.setStatus(request.params.number, status);
    log.info({ matter: matter.number, status, by: account.user }, "The status of a matter was set.");
    return shown(matter);
  });

  /** In parts when the browser asks for parts (Range), so that one can move about in it. */
  app.get("/api/matters/:number/sound", { schema: { params } }, async (request, reply) => {
    const { account } = await sessions.need(request, "lead", "admin");
    const { number, sound } = await found(request.params.number);
    if (sound !== "kept") {
      const mend = sound === "awaited" ? "Try again in a moment." : "Ring the caller back, if the number is known.";
      throw new KontaktlotsError("NOT_FOUND", `The matter ${number} has no sound.`, mend);
    }
    log.info({ matter: number, by: account.user }, "A message was listened to.");
    // What kind of file it is, its name tells; said here, it would be said of an error too.
    reply.header("cache-control", "private, no-store");
    return reply.sendFile(`${number}.wav`, recordingsDir, { cacheControl: false });
  });
}
