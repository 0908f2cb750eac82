/**
 * How long tests wait for what must come, ms. A bound on a test that has gone wrong, never a measure: long enough for a machine that has
 * ten times as much to do as it can.
 */
export const patienceMs = 60_000;
