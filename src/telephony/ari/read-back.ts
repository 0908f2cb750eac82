import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";
import { parseLegId } from "../../core/call/ids.ts";
import { KontaktlotsError } from "../../core/errors.ts";
import type { Arrival, LiveChannel } from "../../core/events.ts";
import { bedBridge } from "../apps.ts";
import type { StandingBridge } from "./bridge-pool.ts";
import type { AriReply } from "./link.ts";
import { alsoDialled } from "./numbers.ts";

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

/** On a channel that rings a number outside: that number. */
export const outsideVariable = "KL_OUTSIDE";

/** `takeOver`: the bridges that stay standing, of those found. */
export async function readBackAri(
  ask: Ask,
  apps: readonly string[],
  numbers: {
    readonly numberOf: (number: string, presentation: string | undefined) => string | null;
    readonly isEntry: (number: string) => boolean;
  },
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
    Promise.all(apps.map((app) => get(application, `applications/${encodeURIComponent(app)}`))),
    get(channels, "channels"),
    get(bridges, "bridges"),
  ]);
  const mine = new Set(ours.flatMap(({ channel_ids }) => channel_ids));
  const bridgeOf = new Map<string, string>();
  const talks = every.filter(({ id }) => id !== bedBridge);
  for (const bridge of takeOver(talks)) for (const channel of bridge.channels) bridgeOf.set(channel, bridge.id);

  const ofOurs = all.filter((channel) => mine.has(channel.id) || parseLegId(channel.id) !== undefined);
  return await Promise.all(ofOurs.map(look));

  async function look(channel: Static<typeof channels>[number]): Promise<LiveChannel> {
    const seen = { id: channel.id, up: channel.state === "Up", bridge: bridgeOf.get(channel.id) ?? null };
    const agent = agentOf(channel.name);
    if (agent !== null) return { ...seen, agent };
    const found = parseLegId(channel.id) ? undefined : await arrival(channel);
    if (found) return { ...seen, agent, arrival: found };
    const outside = await optional(channel.id, outsideVariable);
    return { ...seen, agent, ...(outside === "" ? {} : { outside }) };
  }

  async function read(channel: string, name: string): Promise<string> {
    return (await get(variable, `channels/${encodeURIComponent(channel)}/variable?variable=${name}`)).value;
  }

  /** "" when it is not set, or its channel has gone. */
  function optional(channel: string, name: string): Promise<string> {
    return read(channel, name).catch((error) => {
      gone(error);
      return "";
    });
  }

  /** The variables the dialplan set on arrival; of a caller who went meanwhile nothing is found. */
  async function arrival(channel: Static<typeof channels>[number]): Promise<Arrival | undefined> {
    const { id } = channel;
    try {
      const [dialled, presentation, tag, all] = await Promise.all([
        read(id, "KL_NUMBER"),
        read(id, "KL_PRESENTATION"),
        optional(id, "KL_TAG"),
        optional(id, "KL_ALSO"),
      ]);
      const also = alsoDialled(all, dialled).filter(numbers.isEntry);
      const from = numbers.numberOf(channel.caller.number, presentation);
      return { dialled, ...(also.length > 0 ? { alsoDialled: also } : {}), from, tag: tag || null };
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
