import type { LogEntry } from "./event-log.ts";

/** An entry's fields that tell who called. Of a callback the number that is rung is the caller's. */
type Told = {
  readonly from?: string | null;
  readonly number?: string | null;
  readonly channels?: readonly { readonly id: string; readonly arrival?: object; readonly outside?: string }[];
};

/** The entry's JSON without who called in these calls; undefined when it does not tell. */
export function withoutCallers({ type, call, json }: Pick<LogEntry, "type" | "call" | "json">, calls: ReadonlySet<string>) {
  if (type !== "read-back" && (call === null || !calls.has(call))) return undefined;
  const told = JSON.parse(json) as Told;
  const erased = JSON.stringify({
    ...told,
    ...(typeof told.from === "string" ? { from: null } : {}),
    ...(type.startsWith("callback.") && typeof told.number === "string" ? { number: null } : {}),
    ...(type === "read-back" && told.channels ? { channels: told.channels.map((one) => withoutCaller(one, calls)) } : {}),
  });
  return erased === json ? undefined : erased;
}

type Channel = NonNullable<Told["channels"]>[number];

function withoutCaller(channel: Channel, calls: ReadonlySet<string>): Channel {
  if (!calls.has(channel.id)) return channel;
  const { outside: _, ...rest } = channel;
  return rest.arrival ? { ...rest, arrival: { ...rest.arrival, from: null } } : rest;
}
