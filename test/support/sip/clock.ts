/** A look comes so often, ms; one that comes this much later than it should was held up. */
const lookEveryMs = 10;
const heldUpMs = 20;

let stoodMs = 0;
let lookedAt = performance.now();

function look(): void {
  const now = performance.now();
  const lateMs = now - lookedAt - lookEveryMs;
  if (lateMs > heldUpMs) stoodMs += lateMs;
  lookedAt = now;
}
setInterval(look, lookEveryMs).unref();

/**
 * Time as this process lives through it, ms since the epoch, whole: while it stands still, on a machine that is busy with others, so does this clock.
 * For what a test says of the time between two packets: that one lay unread is no silence on the line.
 */
export function livedMs(): number {
  look();
  return Math.round(Date.now() - stoodMs);
}
