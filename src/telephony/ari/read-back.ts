import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";
import { parseLegId } from "../../core/call/ids.ts";
import { KontaktlotsError } from "../../core/errors.ts";
import type { Arrival, LiveChannel } from "../../core/events.ts";
import type { StandingBridge } from "./bridge-pool.ts";
import type { AriReply } from "./link.ts";

/** Reading back what Asterisk has of ours: the same at start and after each reconnect. */

const application = Type.Object({ channel_ids: Type.Array(Type.String()), bridge_ids: Type.Array(Type.String()) });
const channels = Type.Array(
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    state: Type.String(),
    caller: Type.Object({ number: Type.String() }),
  }),
);
const bridges = Type.Array(Type.Object({ id: Type.String(), channels: Type.Array(Type.String()) }));
const variable = Type.Object({ value: Type.String() });

type Ask = (path: string) => Promise<AriReply>;

/** `takeOver`: the bridges that stay standing, of those found. */
export async function readBackAri(
  ask: Ask,
  app: string,
  numberOf: (number: string, presentation: string | undefined) => string | null,
  takeOver: (standing: readonly StandingBridge[]) => readonly StandingBridge[],
): Promise<LiveChannel[]> {
  const get = async <T extends TSchema>(schema: T, path: string): Promise<Static<T>> => {
    const { body } = await ask(path);
    const value: unknown = JSON.parse(body);
    if (Value.Check(schema, value)) return value;
    throw new KontaktlotsError(
      "ARI_BAD_FRAME",
      `Asterisk's ${path} has another shape than expected.`,
      "Report it with Asterisk's version.",
    );
  };
  const [ours, all, every] = await Promise.all([
    get(application, `applications/${encodeURIComponent(app)}`),
    get(channels, "channels"),
    get(bridges, "bridges"),
  ]);
  const mine = new Set(ours.channel_ids);
  const bridgeOf = new Map<string, string>();
  for (const bridge of takeOver(every)) for (const channel of bridge.channels) bridgeOf.set(channel, bridge.id);

  const ofOurs = all.filter((channel) => mine.has(channel.id) || parseLegId(channel.id) !== undefined);
  return await Promise.all(ofOurs.map(look));

  async function look(channel: Static<typeof channels>[number]): Promise<LiveChannel> {
    const seen = { id: channel.id, up: channel.state === "Up", bridge: bridgeOf.get(channel.id) ?? null };
    if (parseLegId(channel.id)) return { ...seen, agent: agentOf(channel.name) };
    const found = await arrival(channel);
    return { ...seen, agent: null, ...(found ? { arrival: found } : {}) };
  }

  /** The variables the dialplan set on arrival; of a caller who went meanwhile nothing is found. */
  async function arrival(channel: Static<typeof channels>[number]): Promise<Arrival | undefined> {
    const read = async (name: string) =>
      (await get(variable, `channels/${encodeURIComponent(channel.id)}/variable?variable=${name}`)).value;
    try {
      const [dialled, presentation, tag] = await Promise.all([
        read("KL_NUMBER"),
        read("KL_PRESENTATION"),
        read("KL_TAG").catch(() => ""),
      ]);
      return { dialled, from: numberOf(channel.caller.number, presentation), tag: tag || null };
    } catch (error) {
      gone(error);
      return undefined;
    }
  }
}

/** `PJSIP/a-anna-0000001f` → `anna`. */
function agentOf(name: string): string | null {
  return /^PJSIP\/[ad]-(.+)-[0-9a-f]{8}$/.exec(name)?.[1] ?? null;
}

/** What is no longer there needs no reading. */
function gone(error: unknown): void {
  if (!(error instanceof KontaktlotsError) || error.details.status !== 404) throw error;
}
