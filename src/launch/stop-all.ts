/** Ends parts one after the other, the last first. What one of them throws keeps no other running; the first of it is thrown then. */
export async function stopAll(stops: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const stop of stops.toReversed()) await stop().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}
