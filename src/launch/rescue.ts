import type { Runtime } from "../settings/runtime.ts";
import type { Keeper } from "./keeper.ts";

/** How long callers wait for an engine that does not come back before people are rung without it, ms. */
const rescueAfterMs = 10_000;

/**
 * The last resort of K15: callers a dead engine left waiting are handed to the dialplan's reserve mode when no engine has come
 * back in time. Talking pairs need no engine and are left alone.
 */
export function rescueAfter(engine: Keeper, runtime: Runtime): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      rescue(runtime).catch(() => arm());
    }, rescueAfterMs);
  };
  const disarm = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  engine.on("ended", arm);
  engine.on("serving", disarm);
  return { close: disarm };
}

async function rescue(runtime: Runtime): Promise<void> {
  const { url, username, password } = runtime.ari;
  const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
  const ask = async (method: string, path: string): Promise<unknown> => {
    const reply = await fetch(`${url}/${path}`, { method, headers, signal: AbortSignal.timeout(2_000) });
    return reply.status === 204 ? undefined : await reply.json();
  };
  const [app, bridges] = (await Promise.all([ask("GET", `applications/${runtime.app}`), ask("GET", "bridges")])) as [
    { channel_ids: string[] },
    { channels: string[] }[],
  ];
  const talking = new Set(bridges.flatMap((bridge) => bridge.channels));
  for (const channel of app.channel_ids) {
    // Our own legs end by themselves: Asterisk's ring limit is set on each.
    if (talking.has(channel) || /-o\d+$/.test(channel)) continue;
    await ask("POST", `channels/${encodeURIComponent(channel)}/continue?context=rescue&extension=s&priority=1`);
  }
}
