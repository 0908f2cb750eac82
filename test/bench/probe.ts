import { createServer } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";
import { probePath } from "./probe-client.ts";

/**
 * Loaded into the engine's process by benches (NODE_OPTIONS), so that the engine itself knows nothing of it: for each connection to its
 * socket one line of JSON with the heap after a collection, and the longest time the loop stood still since the connection before.
 */
const folder = process.env.KONTAKTLOTS_PROBE;
if (isMainThread && folder !== undefined && process.argv[1]?.endsWith("engine/main.ts")) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const resolutionMs = 1;
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const server = createServer((socket) => {
    // Read before the collection, which stops the loop itself.
    const longestBlockMs = Math.max(0, delay.max / 1e6 - resolutionMs);
    collect();
    collect();
    socket.end(`${JSON.stringify({ heapMb: process.memoryUsage().heapUsed / 2 ** 20, longestBlockMs })}\n`, () => {
      setTimeout(() => delay.reset(), 50).unref();
    });
  });
  server.listen(probePath(folder, process.pid)).unref();
}
