import type { Logger } from "pino";
import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";
import { parseLegId } from "../core/call/ids.ts";
import { asKontaktlotsError, KontaktlotsError } from "../core/errors.ts";
import type { Runtime } from "../settings/runtime.ts";
import { appsOf, bedBridge } from "../telephony/apps.ts";
import type { Keeper } from "./keeper.ts";

/** How long callers wait for an engine that does not come back before people are rung without it, ms; and from one look to the next. */
const rescueAfterMs = 10_000;

/**
 * The last resort of K15: callers a dead engine left waiting are handed to the dialplan's reserve mode when no engine has come
 * back in time. Talking pairs need no engine and are left alone.
 */
export function rescueAfter(engine: Keeper, runtime: Runtime, log: Logger, afterMs = rescueAfterMs): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  let away = false;
  const arm = (): void => {
    away = true;
    timer ??= setTimeout(() => {
      timer = undefined;
      rescue(runtime, () => away)
        .then(
          (callers) =>
            callers > 0 &&
            log.error(
              { code: "ENGINE_AWAY", callers },
              `ENGINE_AWAY: No engine for 10 s; ${callers} callers go to the reserve phones.`,
            ),
          (thrown: unknown) => {
            const error = asKontaktlotsError(thrown);
            log.error({ code: error.code, err: error.cause }, error.line);
          },
        )
        // A citizen whom the dead engine rang may pick up yet.
        .then(() => away && arm());
    }, afterMs);
  };
  const disarm = (): void => {
    away = false;
    clearTimeout(timer);
    timer = undefined;
  };
  engine.on("ended", arm);
  engine.on("serving", disarm);
  return { close: disarm };
}

const application = Type.Object({ channel_ids: Type.Array(Type.String()) });
const channels = Type.Array(Type.Object({ id: Type.String(), state: Type.String() }));
const bridges = Type.Array(Type.Object({ id: Type.String(), channels: Type.Array(Type.String()) }));

/** Returns how many callers were handed over; stops when the engine is back. Plain HTTP, as the gateway's line is the engine's. Errors: ASTERISK_UNREACHABLE. */
async function rescue({ ari, app }: Runtime, isAway: () => boolean): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${ari.username}:${ari.password}`).toString("base64")}`;
  const ask = async (method: "GET" | "POST", path: string): Promise<Response> => {
    try {
      return await fetch(`${ari.url}/${path}`, { method, headers: { authorization }, signal: AbortSignal.timeout(2_000) });
    } catch (cause) {
      throw unreachable(String(cause), cause);
    }
  };
  const read = async <T extends TSchema>(schema: T, path: string, whenGone?: Static<T>): Promise<Static<T>> => {
    const reply = await ask("GET", path);
    if (reply.status === 404 && whenGone !== undefined) return whenGone;
    const value: unknown = await reply.json().catch(() => undefined);
    if (reply.ok && Value.Check(schema, value)) return value;
    throw unreachable(`${path}: HTTP ${reply.status}`);
  };
  const { calls, outside } = appsOf(app);
  // The application of a dead engine goes with its last call.
  const [ours, rung, live, all] = await Promise.all([
    read(application, `applications/${encodeURIComponent(calls)}`, { channel_ids: [] }),
    read(application, `applications/${encodeURIComponent(outside)}`, { channel_ids: [] }),
    read(channels, "channels"),
    read(bridges, "bridges"),
  ]);
  // A citizen whom it rang back has to have picked up.
  const up = new Set(live.flatMap(({ id, state }) => (state === "Up" ? [id] : [])));
  const waiting = [...ours.channel_ids, ...rung.channel_ids.filter((channel) => up.has(channel))];
  // Someone alone in a bridge has lost their other half, and waits too.
  const talks = all.filter(({ id, channels }) => channels.length > 1 && id !== bedBridge);
  const talking = new Set(talks.flatMap(({ channels }) => channels));
  // Our own legs end by themselves: Asterisk's ring limit is set on each.
  const callers = waiting.filter((channel) => !talking.has(channel) && parseLegId(channel) === undefined);
  let rescued = 0;
  for (const channel of callers) {
    if (!isAway()) break;
    // One that is gone meanwhile, or was handed over before, needs no rescue.
    const reply = await ask("POST", `channels/${encodeURIComponent(channel)}/continue?context=rescue&extension=s&priority=1`);
    if (reply.ok) rescued += 1;
  }
  return rescued;
}

function unreachable(what: string, cause?: unknown): KontaktlotsError {
  return new KontaktlotsError(
    "ASTERISK_UNREACHABLE",
    `Callers who wait cannot be handed to the reserve phones (${what}).`,
    "It is tried again; look whether Asterisk runs.",
    {},
    cause,
  );
}
