import fc from "fast-check";
import t from "tap";
import { questionOf } from "../../src/core/call/fallback.ts";
import { legId } from "../../src/core/call/ids.ts";
import type { Key } from "../../src/core/plan/plan.ts";
import { canBeServed } from "../../src/core/routing/check.ts";
import { ableOf, roadTo, rungAt } from "../../src/core/routing/ladder.ts";
import { restore, snapshotOf } from "../../src/core/snapshot.ts";
import { type Call, emptyState } from "../../src/core/state.ts";
import { step } from "../../src/core/step.ts";
import { callbackPlan, richPlan, richStaff } from "./cities.ts";
import { legOf } from "./pretended-asterisk.ts";
import { World } from "./world.ts";

/** What a random day is made of: each number chooses one of the things that may happen now. */
type Move = (world: World, n: number) => void;

const pick = <T>(items: Iterable<T>, n: number): T | undefined => {
  const all = [...items];
  return all[n % Math.max(1, all.length)];
};
const agentIds = ["x", "y", "z"];
/** The directory of the first hour. */
const staffOf = (world: World) => world.events.find((event) => event.type === "agents.set")?.agents ?? [];
const legs = (world: World) => [...world.channels.keys()].filter((id) => id.includes("-o"));
const callers = (world: World) => [...world.channels.keys()].filter((id) => !id.includes("-o"));
const callbacks = (world: World) => [...world.core.calls.values()].flatMap(({ id, callback }) => (callback ? [id] : []));

const moves: readonly Move[] = [
  (world) => void world.arrive(),
  (world, n) => void world.arrive(pick(["+46846500401", "+46846500402", "+46846500403", "+46846500404"], n)),
  // Who may have booked a callback, and rings again.
  (world, n) => void world.arrive(undefined, pick([null, "+46701740606", "+46701740607", "+46900123456"], n)),
  (world, n) => {
    const call = pick(callers(world), n);
    const keys = pick(["31", "32", "41", "320701740608#1", "40701740609#1", "0701740608#2", "09001234567#", "1"], n >> 4) ?? "";
    for (const key of keys as Iterable<Key>) if (call) world.take({ type: "key", call, key });
  },
  (world, n) => world.pickUp(pick(world.citizens, n) ?? ""),
  (world, n) => world.hangUp(pick(world.citizens, n) ?? "", pick(["normal", "busy", "no-answer", "failed"] as const, n >> 4)),
  (world, n) => {
    const call = pick(callbacks(world), n);
    if (call) world.take({ type: "callback.cancel", call });
  },
  (world, n) => {
    const call = pick(callers(world), n);
    if (call) world.take({ type: "key", call, key: pick(["1", "2", "3", "5", "9", "*"] as const, n >> 4) ?? "1" });
  },
  (world, n) => world.deliver(n),
  (world, n) => world.deliver(n),
  (world, n) => world.deliver(n),
  (world) => world.deliverAll(),
  (world, n) => world.pickUp(pick(legs(world), n) ?? ""),
  (world, n) => world.pickUp(pick(legs(world), n) ?? ""),
  (world, n) => world.hangUp(pick(callers(world), n) ?? ""),
  (world, n) =>
    world.hangUp(
      pick(legs(world), n) ?? "",
      pick(["normal", "busy", "declined", "no-answer", "failed", "unavailable"] as const, n >> 4),
    ),
  (world, n) => world.pass((world.core.timers.get(pick(world.core.timers.keys(), n) ?? "") ?? 0) - world.at),
  (world, n) => {
    world.pass(n % 60_000);
  },
  (world, n) => {
    const agent = pick(agentIds, n) ?? "x";
    const call = world.core.agents.get(agent)?.call ?? world.core.agents.get(agent)?.wrapUp?.call ?? "c1";
    const command = pick(
      [
        "available",
        "pause",
        "sign-out",
        "answering",
        "refuse",
        "hang-up",
        "reached",
        "not-reached",
        "outcome",
        "done",
        "phone-off",
        "phone-on",
        "interpreter",
        "alone",
        "district",
      ] as const,
      n >> 4,
    );
    if (command === "pause") world.take({ type: "agent.pause", agent, reason: "lunch" });
    else if (command === "available" || command === "sign-out") world.take({ type: `agent.${command}`, agent });
    else if (command === "outcome") world.take({ type: "agent.outcome", agent, call, outcome: "answered" });
    else if (command === "phone-off") world.take({ type: "phones", agent, phones: { browser: false, desk: false } });
    else if (command === "phone-on") world.take({ type: "phones", agent, phones: { browser: true, desk: false } });
    else if (command === "interpreter") world.take({ type: "agent.interpreter", agent, call, language: "fi" });
    else if (command === "alone") world.take({ type: "agent.interpreter", agent, call, language: null });
    else if (command === "district") world.take({ type: "agent.district", agent, call, district: "Bromma" });
    else if (command) world.take({ type: `agent.${command}`, agent, call });
  },
  (world) => world.readBack(),
  // Somebody leaves the directory, or comes back into it.
  (world, n) => world.take({ type: "agents.set", agents: staffOf(world).filter((_, i) => ((n >> i) & 1) === 1) }),
];

const day = fc.array(fc.tuple(fc.nat(moves.length - 1), fc.nat(1_000_000)), { maxLength: 120, size: "max" });
const plainDay = () => World.withAgents(["x", ["a"]], ["y", ["a", "b"]], ["z", ["b"]]);
const richDay = () => World.of(richPlan, richStaff);
const backDay = () => World.of(callbackPlan, richStaff);
/** Every third day is one in a city with ladders, languages and a second line, and another third one where citizens are rung back too. */
const newDay = (n: number) => ([plainDay, richDay, backDay][n % 3] ?? plainDay)();

/** Throws when a promise to callers or agents is broken. */
function check(world: World): void {
  const { core } = world;
  const offered = new Map<string, string>();
  for (const call of core.calls.values()) {
    if (!call.offer) continue;
    const { agent } = call.offer;
    if (offered.has(agent)) throw new Error(`${agent} holds ${offered.get(agent)} and ${call.id}`);
    offered.set(agent, call.id);
    if (core.agents.get(agent)?.call !== call.id) throw new Error(`${call.id} is offered to ${agent}, who does not know`);
  }
  for (const agent of core.agents.values()) {
    const busy = agent.state === "ringing" || agent.state === "talking";
    if (busy !== offered.has(agent.id)) throw new Error(`${agent.id} is ${agent.state} with offer ${offered.get(agent.id)}`);
    const free = agent.state === "available" && (agent.phones.browser || agent.phones.desk);
    const indexed = core.router.agents.get(agent.id)?.free ?? false;
    if (indexed !== free) throw new Error(`${agent.id} is ${agent.state}, indexed as ${indexed ? "free" : "busy"}`);
    if (!free) continue;
    for (const { waiting } of core.router.places.values()) {
      const rules = core.plan?.groups[waiting.ask.group];
      const calledIn = core.secondLines.get(waiting.ask.group)?.calledIn ?? false;
      if (rules && roadTo(waiting.ask, rungAt(waiting, rules, world.at), rules, ableOf(agent.id, agent.competence), calledIn))
        throw new Error(`${agent.id} is idle while ${waiting.id} waits`);
    }
  }
  for (const call of core.calls.values()) {
    const here = call.callback ? call.absent === "waiting" : !call.callerGone;
    const waits = call.stage.name === "queue" && !call.offer && here;
    const queued = core.router.places.has(call.id);
    if (call.queued && world.placeOnce(call.queued) === "moved") throw new Error(`${call.id} lost its place or its waiting time`);
    if (waits !== queued) throw new Error(`${call.id} ${waits ? "waits" : "does not wait"}, queued ${queued}`);
    if (queued && !questionOf(call) && couldBeLedOn(world, call)) throw new Error(`${call.id} waits for nobody`);
    if (call.music && (call.stage.name === "talk" || call.stage.name === "outside"))
      throw new Error(`${call.id} hears music while talking`);
    if (call.queued && !call.callback && call.interpreter !== undefined && !call.queued.ask.languages.includes("sv"))
      throw new Error(`${call.id} waits for an interpreter alone`);
    if (call.playback && call.music) throw new Error(`${call.id} hears prompt and music`);
  }
}

/** Nobody could ever take the call as it asks, and somebody could in another way. */
function couldBeLedOn({ core }: World, { queued }: Call): boolean {
  if (!queued || !core.plan || canBeServed(core.router, queued.ask)) return false;
  const { lastResort, languages } = core.plan;
  const { group, priority } = queued.ask;
  // Of other languages only the main one and English are offered, or taken unasked for a citizen who is to be rung back.
  const spoken = [...queued.ask.languages, ...languages.filter((language, index) => index === 0 || language === "en")];
  return [group, lastResort].some((group) =>
    spoken.some((language) => canBeServed(core.router, { group, languages: [language], priority })),
  );
}

t.test("whatever happens in whatever order, the promises hold", async () => {
  fc.assert(
    fc.property(day, (numbers) => {
      const world = newDay(numbers.length);
      for (const [move, n] of numbers) {
        moves[move]?.(world, n);
        check(world);
      }
    }),
    { numRuns: 10_000 },
  );
});

const isOffer = ({ core }: World, leg: string): boolean => {
  const call = core.calls.get(legOf(leg).call);
  return call?.offer?.n === legOf(leg).offer || call?.outside?.n === legOf(leg).offer;
};

/** The callers who are to be served on, and the legs of those who talk. */
function inTalk({ core, channels }: World): { served: Set<string>; talks: Set<string> } {
  const served = new Set<string>();
  const talks = new Set<string>();
  for (const call of core.calls.values()) {
    const caller = channels.get(call.id);
    if (!caller || call.callerGone || call.stage.name === "over") continue;
    // Who has been helped, or told goodbye, may be let go.
    if (call.stage.name === "goodbye" || call.talkEndedAt !== undefined) continue;
    const here = (one: { n: number; state: string } | undefined): string[] => {
      const leg = one && one.state !== "ending" ? legId(call.id, one.n) : "";
      return caller.bridge !== null && caller.bridge === channels.get(leg)?.bridge ? [leg] : [];
    };
    const agent = here(call.offer);
    // An interpreter whose agent has gone is in no talk.
    const inBridge = agent.length > 0 || call.outside?.joins === undefined ? [...agent, ...here(call.outside)] : [];
    // An agent whom neither log nor directory knows any more cannot be taken over.
    const leaving = call.offer !== undefined && core.agents.get(call.offer.agent)?.leaving;
    for (const leg of inBridge) if (!leaving) talks.add(leg);
    const talked = call.stage.name === "talk" || call.stage.name === "outside";
    // A citizen who is being rung may be rung again.
    if (inBridge.length > 0 || (!talked && !call.callback)) served.add(call.id);
  }
  return { served, talks };
}

/** Who hears whom, once all that was to happen has happened. */
function checkSound(world: World): void {
  const { core, channels } = world;
  for (const [id, channel] of channels) {
    if (id.includes("-o")) {
      if (!isOffer(world, id)) throw new Error(`${id} is nobody's`);
      continue;
    }
    const call = core.calls.get(id);
    if (!call || call.callerGone) throw new Error(`${id} is on the line, and nobody knows`);
    const leg = call.offer && channels.get(legId(id, call.offer.n));
    if (call.absent === "ringing" && call.offer?.state === "dialling" && leg && !leg.music)
      throw new Error(`${id} is rung, and the agent hears nothing`);
    if (leg?.bridge && leg.music) throw new Error(`the agent of ${id} hears it ring while talking`);
    if (call.callback && !(call.absent === "ringing" ? channel.bridge === null : call.stage.name === "talk"))
      throw new Error(`${id} is rung back and left alone`);
    const outside = call.outside && channels.get(legId(id, call.outside.n));
    if (call.stage.name === "outside" && (channel.bridge === null || channel.bridge !== outside?.bridge || channel.music))
      throw new Error(`${id} talks outside, and does not hear`);
    if (call.outside?.state === "talking" && outside?.bridge !== channel.bridge) throw new Error(`${id}'s interpreter is deaf`);
    if (call.stage.name === "menu" && !call.playback && !call.music && call.stage.place.node === "duty")
      throw new Error(`${id} hears nothing`);
    if (call.stage.name === "talk" && (channel.bridge === null || channel.bridge !== leg?.bridge || channel.music))
      throw new Error(`${id} talks, and does not hear`);
    if (call.stage.name === "queue" && !call.callback && !questionOf(call) && (!channel.music || channel.bridge !== null))
      throw new Error(`${id} waits, and hears no music`);
  }
}

/** Killed after a citizen had answered and before Asterisk was told: the agent, who still hears it ring, is bridged anew. */
const stillRinging = [0, 0, 0, 3, 11, 0, 12, 8, 8, 0, 0, 4, 0, 8].map((move): [number, number] => [move, 0]);

t.test(
  "an engine killed with the end of its log lost: who talks goes on, who waits waits on, nothing is left behind",
  async () => {
    const kill = fc.record({
      stall: fc.nat(5),
      lost: fc.nat(12),
      wire: fc.constantFrom("gone" as const, "arrives" as const, "rings between" as const, "rings later" as const),
    });
    const life = fc.array(fc.tuple(day, kill), { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(life, (days) => {
        const world = newDay(days[0]?.[0].length ?? 0);
        for (const [numbers, { stall, lost, wire }] of days) {
          numbers.forEach(([move, n], i) => {
            if (i === numbers.length - stall) world.stalled = true;
            moves[move]?.(world, n);
          });
          const { served, talks } = inTalk(world);
          world.kill(lost, wire);
          check(world);
          for (const leg of talks) if (!inTalk(world).talks.has(leg)) throw new Error(`${leg} does not talk any more`);
          for (const leg of legs(world)) if (!isOffer(world, leg)) world.pickUp(leg);
          // What rings later, nobody having asked for it any more, is ended when it is answered.
          for (const id of world.citizens) if (world.core.calls.get(id)?.absent !== "ringing") world.pickUp(id);
          world.deliverAll();
          check(world);
          checkSound(world);
          for (const caller of served) if (!world.channels.has(caller)) throw new Error(`${caller} was lost`);
        }
      }),
      { numRuns: 10_000, examples: [[[[stillRinging, { stall: 5, lost: 0, wire: "gone" }]]]] },
    );
  },
);

/** While somebody speaks the language, only the caller's own key changes it; nobody who is rung back is there to press one. */
function checkAgreed({ facts }: World): void {
  facts.forEach((fact, n) => {
    if (fact.type !== "call.fallback" || fact.toLanguages.join() === fact.languages.join()) return;
    const about = facts.slice(0, n).filter((one) => "call" in one && one.call === fact.call);
    const asked = about.findLast((one) => one.type === "call.menu");
    const key = about.at(-1);
    const agreed = key?.type === "call.key" && key.valid;
    const isBack = about.some(({ type }) => type === "callback.booked");
    if (fact.agreed ? !agreed : !isBack && asked?.node !== "no-speaker")
      throw new Error(`${fact.call} changed its language unasked`);
  });
}

/** The engine is away while the agent of a callback answers. */
const backWhileAnswered = [2, 0, 0, 0, 2, 0, 14, 3, 7, 12, 0, 19, 11, 0, 0, 16, 0, 12, 0, 4, 0, 11, 0].map(
  (move): [number, number] => [move, 0],
);

t.test("when all have hung up nothing is left: no call, no channel, no timer of a call, nobody stuck", async () => {
  fc.assert(
    fc.property(day, (numbers) => {
      const world = newDay(numbers.length);
      for (const [move, n] of numbers) moves[move]?.(world, n);
      // A move may have lost an end on purpose (the engine was away); read-back must find it.
      world.readBack();
      for (const id of [...world.channels.keys()]) world.hangUp(id);
      world.deliverAll();
      for (const call of callbacks(world)) world.take({ type: "callback.cancel", call });
      world.deliverAll();
      for (const agent of agentIds) world.fire(`wrap:${agent}`);
      world.deliverAll();
      check(world);
      for (const call of callbacks(world)) world.take({ type: "callback.cancel", call });
      world.deliverAll();
      const left = [
        ...world.core.booked.keys(),
        ...world.core.calls.keys(),
        ...world.channels.keys(),
        ...[...world.core.timers.keys()].filter((timer) => !/^(phone|second-line):/.test(timer)),
      ];
      if (left.length > 0) throw new Error(`left: ${left.join(", ")}`);
      const stuck = [...world.core.agents.values()].filter(
        ({ state }) => state === "ringing" || state === "talking" || state === "wrap-up",
      );
      if (stuck.length > 0) throw new Error(`stuck: ${stuck.map(({ id, state }) => `${id} ${state}`)}`);
      checkAgreed(world);
      const count = (type: string) => world.facts.filter((fact) => fact.type === type).length;
      if (count("call.arrived") !== count("call.ended"))
        throw new Error(`${count("call.arrived")} arrived, ${count("call.ended")} ended`);
      if (count("call.offered") !== count("call.offer-ended"))
        throw new Error(`${count("call.offered")} offers, ${count("call.offer-ended")} ends`);
      if (count("call.outside-rung") !== count("call.outside-ended"))
        throw new Error(`${count("call.outside-rung")} rung outside, ${count("call.outside-ended")} ended`);
      // Once for each call, however many groups it chose one after the other.
      const queued = new Set(
        world.facts.flatMap((fact) => (fact.type === "call.queued" && fact.since === undefined ? [fact.call] : [])),
      ).size;
      const resolved = count("call.answered") + count("call.abandoned") + count("call.left-queue") + count("callback.booked");
      if (queued !== resolved) throw new Error(`${queued} queued, ${resolved} answered, abandoned, left or booked`);
      const over = count("callback.reached") + count("callback.failed") + count("callback.cancelled");
      if (count("callback.booked") !== over) throw new Error(`${count("callback.booked")} booked, ${over} over`);
    }),
    { numRuns: 5_000, examples: [[backWhileAnswered]] },
  );
});

t.test("the same log gives the same state, and a snapshot anywhere changes nothing", async () => {
  fc.assert(
    fc.property(day, fc.nat(100), (numbers, cut) => {
      const world = newDay(numbers.length);
      for (const [move, n] of numbers) moves[move]?.(world, n);
      const again = emptyState();
      let split = emptyState();
      world.events.forEach((event, i) => {
        step(again, structuredClone(event));
        step(split, structuredClone(event));
        if (i === cut) split = restore(snapshotOf(split)) ?? emptyState();
      });
      const expected = snapshotOf(world.core);
      if (snapshotOf(again) !== expected) throw new Error("replay differs");
      if (snapshotOf(split) !== expected) throw new Error("replay from the snapshot differs");
    }),
    { numRuns: 3_000 },
  );
});
