import t from "tap";
import { legId } from "../../../src/core/call/ids.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { richPlan, richStaff } from "../cities.ts";
import { World } from "../world.ts";

/** The node that rings numbers outside, one after the other: two on duty, two rounds. */

const dutyNumber = "+46846500404";
const [first, second] = richPlan.onDuty?.duty?.numbers ?? [];

function ring(plan: Plan = richPlan) {
  const world = World.of(plan, richStaff);
  const call = world.arrive(dutyNumber);
  spoken(world, call);
  return { world, call };
}
/** What is being said has been said. */
function spoken(world: World, call: string): void {
  const playback = world.core.calls.get(call)?.playback;
  if (playback) world.take({ type: "playback.ended", call, playback: playback.n });
}
const state = (world: World, call: string) => world.core.calls.get(call);
const rung = (world: World) => world.effects.flatMap((effect) => (effect.do === "dial" ? [effect.number] : []));
const said = (world: World) => world.effects.flatMap((effect) => (effect.do === "play" ? [effect.prompts] : [])).at(-1);
const facts = (world: World, type: string) => world.facts.filter((fact) => fact.type === type);
const leg = (world: World, call: string): string => legId(call, state(world, call)?.outside?.n ?? 0);

t.test("the first is busy, so the second rings while the caller is told; answered, both are in one bridge", async (t) => {
  const { world, call } = ring();
  t.strictSame(rung(world), [first]);
  t.ok(state(world, call)?.music, "music while it rings");
  world.hangUp(leg(world, call), "busy");
  world.deliverAll();
  t.strictSame(rung(world), [first, second]);
  t.strictSame(said(world), ["on-duty-trying-next"]);
  world.pickUp(leg(world, call));
  world.deliverAll();
  t.equal(state(world, call)?.stage.name, "outside");
  t.equal(world.channels.get(call)?.bridge, world.channels.get(leg(world, call))?.bridge);
  t.notOk(state(world, call)?.music || state(world, call)?.playback);
  world.pass(60_000);
  world.hangUp(leg(world, call));
  world.deliverAll();
  t.match(facts(world, "call.outside-ended"), [
    { number: first, how: "busy" },
    { number: second, how: "talked", ms: 60_000 },
  ]);
  t.match(facts(world, "call.ended"), [{ stage: "outside", by: "outside" }]);
  t.equal(facts(world, "call.queued").length + facts(world, "call.abandoned").length, 0, "no group's contact, and not lost");
  t.equal(world.core.calls.size, 0);
});

t.test("nobody, round after round: told so, and on to the group as urgent", async (t) => {
  const { world, call } = ring();
  const ringsOut = (): void => {
    world.fire(`outside:${call}`);
    world.deliverAll();
    spoken(world, call);
  };
  for (let n = 0; n < 4; n++) ringsOut();
  t.strictSame(rung(world), [first, second, first, second]);
  t.equal(facts(world, "call.outside-ended").length, 4);
  t.match(facts(world, "call.outside-ended").at(-1), { how: "unanswered" });
  t.match(facts(world, "call.queued"), [{ group: "a", priority: "urgent" }]);
  t.equal(said(world)?.[0], "nobody-answered");
});

t.test("a number that may not be rung is passed over; a list with none leads on at once", async (t) => {
  const withNumbers = (...numbers: string[]): Plan => ({ ...richPlan, onDuty: { duty: { name: { sv: "", en: "" }, numbers } } });
  t.strictSame(rung(ring(withNumbers("+469001234567", second ?? "")).world), [second]);
  const { world } = ring(withNumbers("112"));
  t.strictSame(rung(world), []);
  t.match(facts(world, "call.queued"), [{ group: "a" }]);
});

t.test("an engine that comes back: a ring is undone and the same number rung anew", async (t) => {
  const { world, call } = ring();
  world.hangUp(leg(world, call), "no-answer");
  world.deliverAll();
  spoken(world, call);
  world.readBack();
  world.deliverAll();
  spoken(world, call);
  t.strictSame(rung(world), [first, second, second]);
  t.ok(state(world, call)?.music, "music meanwhile");
});

t.test("an early end: the caller goes while it rings, and while both are connected", async (t) => {
  for (const answered of [false, true]) {
    const { world, call } = ring();
    if (answered) world.pickUp(leg(world, call));
    world.hangUp(call);
    world.deliverAll();
    t.equal(world.core.calls.size, 0);
    t.equal(world.channels.size, 0, "nothing rings on");
    t.equal(facts(world, "call.outside-ended").length, 1);
  }
});
