import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { prefer } from "../../src/settings/priority.ts";

/**
 * A process whose loop has nothing to do, with the engine's priority: for how long the machine keeps even such a one from its processor. Whoever
 * blocks the engine's loop for no longer than that is not the engine.
 */
export interface StillLoop {
  /** The longest time in which its loop did not turn since the last time it was asked, ms. */
  longestBlockMs(): Promise<number>;
  close(): void;
}

const lookEveryMs = 1;
const inChild = process.argv[1] === fileURLToPath(import.meta.url);

export function startStillLoop(): StillLoop {
  const child = fork(fileURLToPath(import.meta.url), { detached: true });
  prefer(child.pid, "calls");
  return {
    async longestBlockMs() {
      child.send("read");
      const [longest] = await once(child, "message");
      return Number(longest);
    },
    close: () => child.disconnect(),
  };
}

if (inChild) {
  let at = performance.now();
  let longest = 0;
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - at - lookEveryMs);
    at = now;
  };
  setInterval(look, lookEveryMs);
  process.on("message", () => {
    look();
    process.send?.(longest);
    longest = 0;
  });
  process.once("disconnect", () => process.exit());
}
