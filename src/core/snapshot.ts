import type { Announcement, InForce } from "./announcements/announcement.ts";
import { remember } from "./callback/booking.ts";
import type { Language, PhoneNumber, Plan } from "./plan/plan.ts";
import { rebuildRouter } from "./rebuild.ts";
import type { Handling } from "./routing/estimate.ts";
import type { SecondLine } from "./routing/second-line.ts";
import { type Agent, type Call, type CoreState, emptyState, type FailedCallback } from "./state.ts";

/** The state as plain JSON and back. What is derived (who waits, who is free) is built anew. */

interface Stored {
  readonly format: 3;
  readonly plan: Plan | null;
  readonly calls: readonly Call[];
  readonly agents: readonly Agent[];
  readonly timers: readonly (readonly [string, number])[];
  readonly nextOrder: number;
  readonly nextIdle: number;
  readonly failedCallbacks?: readonly FailedCallback[];
  readonly toForget?: readonly string[];
  /** Of a caller the language or district alone: stored before it was kept when they rang. */
  readonly lastLanguages?: readonly (readonly [PhoneNumber, Language | { readonly language: Language; readonly at: number }])[];
  readonly lastDistricts?: readonly (readonly [PhoneNumber, string | { readonly district: string; readonly at: number }])[];
  readonly answeredLinks?: readonly (readonly [string, { readonly at: number }])[];
  readonly lastAgents: readonly (readonly [string, { readonly agent: string; readonly at: number }])[];
  readonly announcements?: readonly (Announcement & Pick<InForce, "since"> & Partial<InForce>)[];
  readonly secondLines: readonly (readonly [string, SecondLine])[];
  readonly handling: readonly (readonly [string, Handling])[];
  readonly rates: { readonly origin: number; readonly counts: readonly (readonly [string, number])[] };
}

export function snapshotOf(core: CoreState): string {
  const stored: Stored = {
    format: 3,
    plan: core.plan,
    calls: [...core.calls.values()],
    agents: [...core.agents.values()],
    timers: [...core.timers],
    nextOrder: core.nextOrder,
    nextIdle: core.nextIdle,
    failedCallbacks: core.failedCallbacks,
    toForget: [...core.toForget],
    lastLanguages: [...core.lastLanguages],
    lastDistricts: [...core.lastDistricts],
    lastAgents: [...core.lastAgents],
    answeredLinks: [...core.answeredLinks],
    announcements: core.announcements,
    secondLines: [...core.secondLines],
    handling: [...core.handling],
    rates: { origin: core.rates.origin, counts: [...core.rates.counts] },
  };
  return JSON.stringify(stored);
}

/** A call stored when its district was only ever keyed in, and stood there as its name. */
function withSource(call: Call): Call {
  const district = call.district as Call["district"] | string;
  if (typeof district === "string") call.district = { name: district, source: "postcode" };
  return call;
}

/** About when it was stored: the latest moment it tells of, ms since the epoch. */
function storedAt({ calls, lastAgents }: Stored): number {
  return Math.max(0, lastAgents.at(-1)?.[1].at ?? 0, ...calls.map(({ arrivedAt }) => arrivedAt));
}

/** Only for what `snapshotOf` made; another format gives undefined, and the log is then replayed from its start. */
export function restore(json: string): CoreState | undefined {
  const stored = JSON.parse(json) as Stored;
  if (stored.format !== 3) return undefined;
  const core = emptyState();
  // A plan stored before languages could be incomplete was spoken in all of them.
  core.plan = stored.plan && { ...stored.plan, spoken: stored.plan.spoken ?? stored.plan.languages };
  core.nextOrder = stored.nextOrder;
  core.nextIdle = stored.nextIdle;
  core.failedCallbacks.push(...(stored.failedCallbacks ?? []));
  for (const call of stored.toForget ?? []) core.toForget.add(call);
  const at = storedAt(stored);
  for (const [from, last] of stored.lastLanguages ?? [])
    core.lastLanguages.set(from, typeof last === "string" ? { language: last, at } : last);
  for (const [from, last] of stored.lastDistricts ?? [])
    core.lastDistricts.set(from, typeof last === "string" ? { district: last, at } : last);
  for (const [call, answered] of stored.answeredLinks ?? []) core.answeredLinks.set(call, answered);
  for (const [from, last] of stored.lastAgents) core.lastAgents.set(from, last);
  // One stored before its languages came one after another is heard in all of them.
  for (const one of stored.announcements ?? [])
    core.announcements.push({ ...one, heardIn: one.heardIn ?? Object.keys(one.texts), notIn: one.notIn ?? [] });
  for (const [group, line] of stored.secondLines) core.secondLines.set(group, line);
  core.rates.origin = stored.rates.origin;
  for (const [need, count] of stored.rates.counts) core.rates.counts.set(need, count);
  for (const [group, handling] of stored.handling) core.handling.set(group, handling);
  for (const [timer, due] of stored.timers) core.timers.set(timer, due);
  for (const agent of stored.agents) core.agents.set(agent.id, agent);
  for (const call of stored.calls) {
    core.calls.set(call.id, withSource(call));
    if (call.callback) remember(core, call);
  }
  rebuildRouter(core);
  return core;
}
