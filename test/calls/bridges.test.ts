import t from "tap";
import { type TestSystem, testSystem } from "../support/system.ts";
import { bothHear, citizen, desk, directNumber, talk } from "./people.ts";

/** One bridge after another for the same calls costs; one for two calls at once would be worse. */

interface Bridge {
  readonly id: string;
  readonly channels: readonly string[];
}

async function bridges(sys: TestSystem): Promise<Bridge[]> {
  return ((await sys.ari("GET", "bridges")) as Bridge[]).toSorted((a, b) => b.channels.length - a.channels.length);
}

/** Asks until what Asterisk has fits. */
async function untilBridges(sys: TestSystem, fits: (bridges: readonly Bridge[]) => boolean): Promise<Bridge[]> {
  for (const until = performance.now() + 60_000; ; ) {
    const now = await bridges(sys);
    if (fits(now)) return now;
    if (performance.now() > until) throw new Error(`Bridges: ${JSON.stringify(now)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

t.test("a bridge serves one call after another, and goes with the engine; one with people in it stays", async (t) => {
  const sys = await testSystem(t, { agents: { anna: ["b"], bo: ["b"] } });
  const anna = await desk(t, sys, "anna");
  const caller = await citizen(t, sys);

  const first = await talk(caller, anna);
  const [used] = await bridges(sys);
  t.equal(used?.channels.length, 2);
  first.call.hangUp();
  await first.leg.ended();
  await untilBridges(sys, ([bridge]) => bridge?.channels.length === 0);

  // The agent hangs up this time, and the caller is not let into the next talk.
  const second = await talk(caller, anna);
  t.strictSame(
    (await bridges(sys)).map(({ id, channels }) => [id, channels.length]),
    [[used?.id, 2]],
    "the same one again, and no other",
  );
  second.leg.hangUp();
  await second.call.ended();
  await sys.empty();

  const third = await talk(caller, anna);
  const bo = await desk(t, sys, "bo");
  const other = await caller.dial(directNumber, { from: "0701740606" });
  const leg = await bo.nextCall();
  leg.pickUp();
  other.media.play(620);
  leg.media.play(1200);
  await other.media.hears(1200);
  await leg.media.hears(620);
  await bothHear(third.call, third.leg);
  t.strictSame(
    (await bridges(sys)).map(({ channels }) => channels.length),
    [2, 2],
    "two talks at once, each in its own",
  );
  other.hangUp();
  await leg.ended();
  await untilBridges(sys, (all) => all.length === 2 && all[1]?.channels.length === 0);

  await sys.system.engine.stop();
  const [stays] = await untilBridges(sys, (all) => all.length === 1);
  t.equal(stays?.channels.length, 2);
  await bothHear(third.call, third.leg);
  third.call.hangUp();
  await third.leg.hangUp();
});
