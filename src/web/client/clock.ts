import { useSyncExternalStore } from "react";

/**
 * The server's clock as seen from this page. Its messages carry the time they were made; the smallest delay seen so far
 * gives the best estimate of how far this machine's clock is off.
 */
let offsetMs = Number.NEGATIVE_INFINITY;

export function observeServerTime(at: number): void {
  offsetMs = Math.max(offsetMs, at - Date.now());
}

/** ms since the epoch by the server's clock. */
export function serverNow(): number {
  return Date.now() + (Number.isFinite(offsetMs) ? offsetMs : 0);
}

const everySecond = (listener: () => void) => {
  const timer = setInterval(listener, 1000);
  return () => clearInterval(timer);
};

/** `serverNow` in whole seconds (as ms); the component is drawn again each second. */
export function useNow(): number {
  return useSyncExternalStore(everySecond, () => Math.floor(serverNow() / 1000) * 1000);
}
