import { announcementOf, type InForce } from "../core/announcements/announcement.ts";
import { caresForDistrict } from "../core/call/district.ts";
import { whyWaiting } from "../core/call/explain.ts";
import { callbackTimer } from "../core/call/timers.ts";
import { offeredLine, waitingLine } from "../core/call/why-text.ts";
import { mayCancel } from "../core/callback/attempt.ts";
import type { Text } from "../core/plan/plan.ts";
import { splitPrompt } from "../core/speech/said.ts";
import type { Agent, Call, Callback, CoreState } from "../core/state.ts";
import { readableText } from "../telephony/prompts/text.ts";
import type {
  AgentCallView,
  AgentView,
  AnnouncementView,
  BoardView,
  CallbackView,
  CaptionView,
  GroupView,
  RoutingProblemView,
  WaitingView,
} from "./views.ts";

/** The state as pages are shown it. Pure: reads the state, changes nothing. */

export function agentView(core: CoreState, agent: Agent): AgentView {
  const call = agent.call === undefined ? undefined : core.calls.get(agent.call);
  const wrap = agent.wrapUp;
  return {
    id: agent.id,
    name: agent.name,
    groups: agent.competence.skills.map(({ group }) => group),
    state: agent.state,
    ...(agent.reason === undefined ? {} : { reason: agent.reason }),
    since: agent.since,
    reachable: agent.phones.browser || agent.phones.desk,
    ...(agent.next === undefined ? {} : { next: agent.next }),
    ...(call === undefined ? {} : { call: callView(core, agent, call) }),
    ...(wrap === undefined
      ? {}
      : {
          wrapUp: {
            ...{ call: wrap.call, until: wrap.until },
            ...(wrap.outcome === undefined ? {} : { outcome: wrap.outcome }),
            ...(wrap.district === undefined ? {} : { district: wrap.district }),
          },
        }),
    missedInRow: agent.missedInRow,
    ...(agent.calledIn ? { calledIn: calledInView(core, agent.calledIn) } : {}),
  };
}

function callView(core: CoreState, agent: Agent, call: Call): AgentCallView {
  const group = call.queued?.ask.group ?? "";
  const offer = call.offer;
  const dialling = offer?.state === "dialling" || (call.callback && offer?.state === "connecting");
  const phase = dialling
    ? "dialling"
    : agent.state === "ringing"
      ? "ringing"
      : agent.state !== "talking"
        ? "ended"
        : offer?.held
          ? "held"
          : "talking";
  const until = offer?.answeredAt ?? offer?.since ?? agent.since;
  return {
    call: call.id,
    phase,
    from: call.from,
    number: call.number,
    path: call.path,
    language: call.language,
    group,
    groupName: nameOf(core, group),
    ...interpreterOf(core, call),
    ...(call.district === undefined ? {} : { district: call.district }),
    ...(core.plan && caresForDistrict(core.plan, group) ? { asksDistrict: true as const } : {}),
    ...(offer?.chosen ? { why: offeredLine(offer.chosen) } : {}),
    waitedMs: Math.max(0, until - (call.queued?.since ?? until)),
    since: offer?.held?.since ?? agent.since,
    ...(call.callback ? { callback: backView(call, call.callback) } : {}),
  };
}

function backView(call: Call, { bookedAt, attempts, saidReached, result }: Callback): NonNullable<AgentCallView["callback"]> {
  const is = result?.is ?? (saidReached ? "reached" : undefined);
  const said = is === "reached" || is === "not-reached" ? { said: is } : {};
  return { bookedAt, attempt: call.absent === "waiting" ? attempts + 1 : attempts, ...said } as const;
}

function interpreterOf(core: CoreState, { outside, interpreter, offer, language }: Call): Pick<AgentCallView, "interpreter"> {
  const of = (language: string, state: NonNullable<AgentCallView["interpreter"]>["state"]) => ({
    interpreter: { language, state },
  });
  if (outside?.joins !== undefined && outside.state !== "ending")
    return of(outside.joins, outside.state === "talking" ? "talking" : "ringing");
  const wanted = interpreter ?? language;
  if (offer?.state === "talking") return core.plan?.interpreters?.[wanted] === undefined ? {} : of(wanted, "possible");
  return offer && interpreter !== undefined ? of(interpreter, "wanted") : {};
}

/** The board at `at` (ms since the epoch): one pass over calls and agents. */
export function boardView(core: CoreState, at: number, problems: readonly RoutingProblemView[]): BoardView {
  const groups = new Map<string, { -readonly [K in keyof GroupView]: GroupView[K] }>();
  for (const { id, name } of Object.values(core.plan?.groups ?? {})) {
    groups.set(id, { id, name, waiting: 0, longestSince: null, free: 0, talking: 0, signedIn: 0 });
  }
  let inMenu = 0;
  let waiting = 0;
  let talking = 0;
  let longestSince: number | null = null;
  for (const call of core.calls.values()) {
    if (call.stage.name === "menu") inMenu++;
    const group = groups.get(call.queued?.ask.group ?? "");
    if (call.stage.name === "talk") {
      talking++;
      if (group) group.talking++;
    }
    if (call.stage.name !== "queue" || !call.queued) continue;
    waiting++;
    longestSince = Math.min(longestSince ?? call.queued.since, call.queued.since);
    if (!group) continue;
    group.waiting++;
    group.longestSince = Math.min(group.longestSince ?? call.queued.since, call.queued.since);
  }
  let free = 0;
  for (const agent of core.agents.values()) {
    if (agent.state === "offline") continue;
    const isFree = agent.state === "available" && (agent.phones.browser || agent.phones.desk);
    if (isFree) free++;
    for (const { group: id } of agent.competence.skills) {
      const group = groups.get(id);
      if (!group) continue;
      group.signedIn++;
      if (isFree) group.free++;
    }
  }
  const longest = longestWaiting(core, at);
  const announcements = core.announcements.map(announcementView);
  return {
    at,
    inMenu,
    waiting,
    longestSince,
    free,
    talking,
    groups: [...groups.values()],
    longest,
    announcements,
    callbacks: callbackViews(core),
    problems,
  };
}

function announcementView({ id, where, texts, heardIn, notIn, since, until, from }: InForce): AnnouncementView {
  const [text = ""] = Object.values(texts);
  return { id, where, text, languages: Object.keys(texts), heardIn, notIn, since, until, by: from };
}

function calledInView(core: CoreState, { group, waiting, serviceLevelPercent }: NonNullable<Agent["calledIn"]>) {
  return { group: nameOf(core, group), waiting, serviceLevelPercent };
}

const mostCallbacks = 100;

function callbackViews(core: CoreState): CallbackView[] {
  const open: Call[] = [];
  for (const id of new Set(core.booked.values())) {
    const call = core.calls.get(id);
    if (call?.callback && open.length < mostCallbacks) open.push(call);
  }
  open.sort((a, b) => (a.queued?.order ?? 0) - (b.queued?.order ?? 0));
  const failed = core.failedCallbacks.map((one): CallbackView => {
    const { call, group, number, attempts, at } = one;
    return { call, group: nameOf(core, group), number: lastDigits(number), attempts, state: "failed", at, open: false };
  });
  return [...open.map((call) => callbackView(core, call)), ...failed.reverse()];
}

function callbackView(core: CoreState, call: Call): CallbackView {
  const { bookedAt = 0, attempts = 0 } = call.callback ?? {};
  const due = call.absent === "asleep" ? core.timers.get(callbackTimer(call.id)) : undefined;
  return {
    call: call.id,
    group: nameOf(core, call.queued?.ask.group ?? ""),
    number: lastDigits(call.from ?? ""),
    attempts,
    state: call.absent ?? "talking",
    at: due ?? bookedAt,
    open: mayCancel(call),
  };
}

const lastDigits = (number: string): string => number.slice(-4);

/** Reasons are worked out for those whom somebody may ask about: a handful of all who wait. */
const mostReasons = 6;

function longestWaiting(core: CoreState, at: number): WaitingView[] {
  const oldest: Call[] = [];
  // Every queue is in order of arrival, so a handful of each holds the handful of all.
  for (const queue of core.queues.values()) {
    let seen = 0;
    for (const call of queue.values()) {
      if (call.offer) continue;
      oldest.push(call);
      if (++seen === mostReasons) break;
    }
  }
  oldest.sort((a, b) => (a.queued?.order ?? 0) - (b.queued?.order ?? 0));
  return oldest.slice(0, mostReasons).flatMap((call) => {
    const why = whyWaiting(core, call, at);
    if (!why || !call.queued) return [];
    const { ask, since } = call.queued;
    const line = waitingLine(why, (agent) => core.agents.get(agent)?.name ?? agent, at);
    return [
      {
        call: call.id,
        group: nameOf(core, ask.group),
        urgent: ask.priority === "urgent",
        callback: call.callback !== undefined,
        since,
        why: line,
      },
    ];
  });
}

const nameOf = (core: CoreState, group: string): Text => core.plan?.groups[group]?.name ?? { sv: group, en: group };

/** What the caller hears now, as text; null when the call sent no tag. */
export function captionView(core: CoreState, call: Call): CaptionView | null {
  if (call.tag === null) return null;
  const { name } = call.stage;
  const stage = call.callerGone || name === "over" ? "ended" : name === "goodbye" ? "menu" : name === "outside" ? "talk" : name;
  const place = call.queued?.toldPlace;
  return {
    tag: call.tag,
    call: call.id,
    stage,
    text: call.playback ? spokenText(core, call.playback.prompts, call.language) : null,
    ...(stage === "queue" && place !== undefined && place > 0 ? { place } : {}),
  };
}

/** In the call's own language both times when there is no other: what is spoken is what is shown. */
function spokenText(core: CoreState, prompts: readonly string[], language: string): Text {
  const announced = (prompt: string, wanted: string): string | undefined => {
    const one = core.announcements.find(({ id }) => id === announcementOf(prompt));
    const heard = one?.heardIn.includes(wanted) ? wanted : one?.heardIn[0];
    return one?.texts[heard ?? ""];
  };
  const inLanguage = (wanted: string) =>
    prompts
      .map(splitPrompt)
      .map(
        ({ prompt, language = wanted }) =>
          announced(prompt, language) ?? core.plan?.prompts[prompt]?.[language] ?? core.plan?.prompts[prompt]?.sv ?? "",
      )
      .filter((text) => text !== "")
      .map(readableText)
      .join(" ");
  return { sv: inLanguage(language), en: inLanguage("en") };
}
