import t from "tap";
import { legId } from "../../src/core/call/ids.ts";
import { callbackPlan, richStaff } from "./cities.ts";
import { World } from "./world.ts";

t.test("an agent who answered a callback while the engine was away hears the citizen ring, and talks with them", async (t) => {
  const world = World.of(callbackPlan, richStaff);
  const booking = world.arrive();
  for (const key of ["3", "1"] as const) world.take({ type: "key", call: booking, key });
  const [callback] = [...world.core.calls.values()].filter((call) => call.callback);
  const id = callback?.id ?? "";
  const agent = callback?.offer?.agent ?? "";
  const leg = legId(id, callback?.offer?.n ?? 0);
  world.pickUp(leg);
  world.readBack();
  world.deliverAll();

  t.strictSame(world.citizens, [id], "the citizen is rung");
  t.equal(callback?.absent, "ringing");
  t.equal(world.core.agents.get(agent)?.state, "talking", "the agent is not sent away");
  world.pickUp(id);
  world.deliverAll();
  t.equal(callback?.stage.name, "talk");
  const bridge = world.channels.get(id)?.bridge;
  t.ok(bridge);
  t.equal(world.channels.get(leg)?.bridge, bridge, "both are in the same bridge");
});
