import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Logger } from "pino";
import { pulseEveryMs, tellSupervisor } from "./supervised.ts";

const reportEveryMs = 60_000;
/** How often the loop is looked at: each look wakes the process. Blocks shorter than this are not seen for certain. */
const resolutionMs = 10;

/** Pulses to the supervisor, and measures how long the loop was blocked at most (ms, told in the log each minute). */
export function watchLoop(logger: Logger): { longestMs(): number; close(): void } {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const pulse = setInterval(() => tellSupervisor("pulse"), pulseEveryMs);
  // The histogram counts from the timer's due time, so its resolution is taken off.
  const longestMs = () => Math.max(0, delay.max / 1e6 - resolutionMs);
  const report = setInterval(() => {
    logger.info({ longest_block_ms: longestMs(), p99_ms: delay.percentile(99) / 1e6 - resolutionMs }, "loop");
    delay.reset();
  }, reportEveryMs);
  tellSupervisor("pulse");
  return {
    longestMs,
    close() {
      clearInterval(pulse);
      clearInterval(report);
      delay.disable();
    },
  };
}
