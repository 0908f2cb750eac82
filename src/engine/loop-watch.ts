import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Logger } from "pino";
import { pulseEveryMs, tellSupervisor } from "./supervised.ts";

const reportEveryMs = 60_000;

/** Pulses to the supervisor, and measures how long the loop was blocked at most (ms, told in the log each minute). */
export function watchLoop(logger: Logger): { longestMs(): number; close(): void } {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const pulse = setInterval(() => tellSupervisor("pulse"), pulseEveryMs);
  // The histogram counts from the timer's due time, so its resolution is taken off.
  const longestMs = () => Math.max(0, delay.max / 1e6 - 1);
  const report = setInterval(() => {
    logger.info({ longest_block_ms: longestMs(), p99_ms: delay.percentile(99) / 1e6 - 1 }, "loop");
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
