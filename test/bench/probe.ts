import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";
import { type ProbeReading, type ProbeWish, probePath } from "./probe-client.ts";

/** How often the loop is looked at, ms, when that is wanted: a thousand looks a second cost more than calls do. */
const lookEveryMs = 1;

/**
 * Loaded into the engine's process by benches (NODE_OPTIONS), so that the engine itself knows nothing of it: for each connection to its
 * socket one line of JSON with the heap after a collection, and how the loop fared since the connection before, if that one wished it looked at.
 */
const folder = process.env.KONTAKTLOTS_PROBE;
if (isMainThread && folder !== undefined && process.argv[1]?.endsWith("engine/main.ts")) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const usedMs = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  const none = { longestBlockMs: 0, longestWorkMs: 0 };
  let longest = none;
  let looked = { at: performance.now(), used: usedMs() };
  const look = (): void => {
    const now = { at: performance.now(), used: usedMs() };
    longest = {
      longestBlockMs: Math.max(longest.longestBlockMs, now.at - looked.at - lookEveryMs),
      longestWorkMs: Math.max(longest.longestWorkMs, now.used - looked.used),
    };
    looked = now;
  };
  let looking: NodeJS.Timeout | undefined;
  const server = createServer({ allowHalfOpen: true }, async (socket) => {
    const wish = (await text(socket)) as ProbeWish;
    if (looking) look();
    clearInterval(looking);
    looking = undefined;
    // Read before the collection, which stops the loop itself.
    const since = longest;
    collect();
    collect();
    const reading: ProbeReading = { heapMb: process.memoryUsage().heapUsed / 2 ** 20, ...since };
    socket.end(`${JSON.stringify(reading)}\n`, () => {
      longest = none;
      looked = { at: performance.now(), used: usedMs() };
      if (wish === "look") looking ??= setInterval(look, lookEveryMs).unref();
    });
  });
  server.listen(probePath(folder, process.pid)).unref();
}
