/** How long to wait before try number `attempt` (0 is the first) at a lost line, ms: 0.5 s, doubled to at most 8 s. */
export function backoffMs(attempt: number): number {
  return Math.min(8000, 500 * 2 ** Math.min(attempt, 10));
}

/**
 * Runs `job` after `backoffMs`, or at once when the browser says that the network is back. Up to a quarter of the wait is
 * added at random, so that ninety desks do not come back in the same instant. Returns what cancels it.
 */
export function retryLater(attempt: number, job: () => void): () => void {
  const go = () => {
    cancel();
    job();
  };
  const timer = setTimeout(go, backoffMs(attempt) * (1 + Math.random() / 4));
  window.addEventListener("online", go);
  const cancel = () => {
    clearTimeout(timer);
    window.removeEventListener("online", go);
  };
  return cancel;
}
