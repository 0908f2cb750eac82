import { once } from "node:events";
import t, { type Test } from "tap";
import type { Fact } from "../../src/core/facts.ts";
import type { Call } from "../support/sip/call.ts";
import { Phone } from "../support/sip/phone.ts";
import { type TestSystem, testSystem } from "../support/system.ts";

/**
 * 20 pairs talk and 20 callers wait while the engine is killed again and again at random moments, with things happening around
 * and during its absence. Nobody may be lost. Every caller and every agent has a tone of their own, so that "still talks" means:
 * hears just the right one.
 */

const pairs = 20;
const waiters = 20;
const rounds = 10;

/** A reproducible chance (mulberry32); the seed is told, so that a failure can be run again. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Citizen {
  readonly number: string;
  readonly tone: number;
  readonly call: Call;
  hungUp: boolean;
}

interface Leg {
  readonly agent: string;
  readonly tone: number;
  readonly call: Call;
}

class Scene {
  readonly sys: TestSystem;
  readonly phone: Phone;
  readonly citizens = new Map<string, Citizen>();
  /** All legs that ever came to an agent's phone. */
  readonly legs = new Map<string, Leg[]>();
  #next = 0;

  constructor(sys: TestSystem, phone: Phone) {
    this.sys = sys;
    this.phone = phone;
  }

  async newCitizen(): Promise<Citizen> {
    const n = this.#next++;
    const call = await this.phone.dial("0846500401", { from: `+467017400${String(n).padStart(2, "0")}` });
    const citizen = { number: `+467017400${String(n).padStart(2, "0")}`, tone: 400 + 25 * (n % 40), call, hungUp: false };
    call.media.play(citizen.tone);
    this.citizens.set(citizen.number, citizen);
    return citizen;
  }

  /** A desk phone that picks up whatever rings. */
  async agent(id: string, n: number, password: string, t: Test): Promise<void> {
    const desk = await Phone.open({ user: `d-${id}`, server: this.sys.server, password });
    t.teardown(() => desk.close());
    await desk.register();
    desk.incoming.each((call) => {
      this.legs.set(id, [...(this.legs.get(id) ?? []), { agent: id, tone: 1_600 + 25 * n, call }]);
      call.media.play(1_600 + 25 * n);
      call.ring();
      call.pickUp();
    });
    await this.sys.agent(id, (view) => view.reachable);
    await this.sys.command({ type: "available", agent: id });
  }

  /** Who talks with whom, as the engine says. */
  pairs(): { citizen: Citizen; leg: Leg }[] {
    const found: { citizen: Citizen; leg: Leg }[] = [];
    for (const view of this.sys.link.agents.values()) {
      const citizen = this.citizens.get(view.call?.from ?? "");
      const leg = this.upLegs(view.id)[0];
      if (view.state === "talking" && citizen && leg) found.push({ citizen, leg });
    }
    return found;
  }

  /** One as a rule. A ring that a killed engine had asked for may come beside the talk, and goes away at once. */
  upLegs(agent: string): Leg[] {
    return (this.legs.get(agent) ?? []).filter(({ call }) => call.state === "up");
  }

  waiting(): Citizen[] {
    const talking = new Set(this.pairs().map(({ citizen }) => citizen));
    return [...this.citizens.values()].filter(
      (citizen) => !citizen.hungUp && citizen.call.state === "up" && !talking.has(citizen),
    );
  }

  hangUp(citizen: Citizen): void {
    citizen.hungUp = true;
    citizen.call.hangUp();
  }

  /** Waits until the engine shows so many talking and waiting. */
  async settled(talking: number, waiting: number): Promise<void> {
    const fits = (): boolean =>
      this.sys.link.board?.talking === talking && this.sys.link.board.waiting === waiting && this.sys.link.up;
    const until = performance.now() + 60_000; // far above what it takes
    while (!fits()) {
      const { board } = this.sys.link;
      if (performance.now() > until)
        throw new Error(
          `wanted ${talking} talking and ${waiting} waiting, the board has ${board?.talking} and ${board?.waiting}`,
        );
      await Promise.race([once(this.sys.link, "message"), new Promise((resolve) => setTimeout(resolve, 100))]);
    }
  }
}

/** `busy`: a talk ends and the next caller rings in the very milliseconds before the blow. */
async function survive(t: Test, signal: "SIGKILL" | "SIGSTOP", seed: number, busy: boolean): Promise<void> {
  t.comment(`seed ${seed}`);
  const random = chance(seed);
  const agents = Object.fromEntries(Array.from({ length: pairs }, (_, n) => [`agent${n}`, ["b"]]));
  const sys = await testSystem(t, { agents, env: { RTP_TIMEOUT_S: "0", STAND_BY: "true" } });
  const phone = await Phone.open({ user: "0701740000", server: sys.server, address: "127.0.0.2" });
  t.teardown(() => phone.close());
  const scene = new Scene(sys, phone);
  for (const [n, id] of Object.keys(agents).entries()) await scene.agent(id, n, sys.secrets.get(id)?.desk ?? "", t);
  for (let n = 0; n < pairs + waiters; n++) await (await scene.newCitizen()).call.gets("200 INVITE");
  await scene.settled(pairs, waiters);

  for (let round = 0; round < rounds; round++) {
    // Something is always going on when it happens: a talk ends, the next caller rings.
    const talk = busy ? scene.pairs()[random(pairs)] : undefined;
    if (talk) random(2) === 0 ? scene.hangUp(talk.citizen) : hangUpLeg(talk);
    await new Promise((resolve) => setTimeout(resolve, random(40)));
    const serving = once(sys.system.engine, "serving");
    process.kill(sys.system.engine.pid ?? 0, signal);

    // And the world goes on without it.
    const waiter = scene.waiting()[random(waiters - 2)];
    if (waiter) scene.hangUp(waiter);
    const other = scene.pairs().filter((pair) => pair.citizen !== talk?.citizen)[random(pairs - 2)];
    if (other) random(2) === 0 ? scene.hangUp(other.citizen) : hangUpLeg(other);
    const arrived = await scene.newCitizen();
    await serving;
    await arrived.call.gets("200 INVITE");

    const gone = [...scene.citizens.values()].filter((citizen) => citizen.hungUp).length;
    await scene.settled(pairs, scene.citizens.size - gone - pairs);
    const lost = [...scene.citizens.values()].filter((citizen) => !citizen.hungUp && citizen.call.state !== "up");
    t.strictSame(
      lost.map(({ number }) => number),
      [],
      `round ${round}: nobody lost`,
    );
    await everybodyHears(scene);
    while (scene.citizens.size - [...scene.citizens.values()].filter((citizen) => citizen.hungUp).length < pairs + waiters) {
      await (await scene.newCitizen()).call.gets("200 INVITE");
    }
    await scene.settled(pairs, waiters);
  }

  for (const citizen of scene.citizens.values()) if (!citizen.hungUp) scene.hangUp(citizen);
  await scene.settled(0, 0);
  await sys.empty();
  t.strictSame(await outOfTurn(sys), [], "first come, first served, whatever happened");

  function hangUpLeg({ citizen, leg }: { citizen: Citizen; leg: Leg }): void {
    citizen.hungUp = true; // the engine ends the other half
    leg.call.hangUp();
  }
}

/** Each pair hears each other, those who wait hear music; counted from now on. */
async function everybodyHears(scene: Scene): Promise<void> {
  const talks = scene
    .pairs()
    .flatMap(({ citizen, leg }) => [
      citizen.call.media.hears(leg.tone, citizen.call.media.heard.all.length),
      Promise.any(scene.upLegs(leg.agent).map(({ call }) => call.media.hears(citizen.tone, call.media.heard.all.length))),
    ]);
  const waits = scene.waiting().map(({ call }) => call.media.hearsSomething(call.media.heard.all.length));
  await Promise.all([...talks, ...waits]);
}

/** Offers made to a caller although another had waited longer, read from the log from start to end. */
async function outOfTurn(sys: TestSystem): Promise<string[]> {
  const order = new Map<string, number>();
  const waiting = new Set<string>();
  const gone = new Set<string>();
  const wrong: string[] = [];
  for (const fact of await sys.allFacts()) take(fact);
  return wrong;

  function take(fact: Fact): void {
    if (fact.type === "call.queued") {
      order.set(fact.call, order.size);
      waiting.add(fact.call);
    } else if (fact.type === "call.offered") {
      const first = [...waiting].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))[0];
      if (first !== fact.call) wrong.push(`${fact.call} was offered while ${first} waited longer`);
      waiting.delete(fact.call);
    } else if (fact.type === "call.offer-ended" && fact.how !== "answered" && fact.how !== "caller-gone") {
      // The ring of a caller who went while no engine was there may end after them.
      if (!gone.has(fact.call)) waiting.add(fact.call);
    } else if (fact.type === "call.answered" || fact.type === "call.abandoned" || fact.type === "call.ended") {
      waiting.delete(fact.call);
      if (fact.type !== "call.answered") gone.add(fact.call);
    }
  }
}

t.setTimeout(600_000);
const seed = Number(process.env.SEED ?? process.pid);
t.test("the engine is killed (SIGKILL)", (t) => survive(t, "SIGKILL", seed, false));
t.test("the engine freezes (SIGSTOP)", (t) => survive(t, "SIGSTOP", seed, false));
t.test("the engine is killed while a talk ends and the next caller rings", (t) => survive(t, "SIGKILL", seed, true));
