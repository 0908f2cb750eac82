/**
 * What is remembered for a while, and of how many. The oldest stand first: a map keeps the order of insertion, and the time of
 * events never runs backwards. So whatever the log replays is forgotten at the same event as it was then.
 */

/** Puts it last; beyond `most` the oldest go. `at`: ms since the epoch. */
export function remember<K, V extends { readonly at: number }>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}

/** Those go that are from before then, ms since the epoch. */
export function forgetBefore<K>(map: Map<K, { readonly at: number }>, then: number): void {
  for (const [key, { at }] of map) {
    if (at >= then) return;
    map.delete(key);
  }
}
