import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { print, say, spread } from "./figures.ts";
import type { Options } from "./options.ts";
import { openRig, type Rig } from "./rig.ts";
import { openKontaktlots } from "./system.ts";

const pairs = 20;
const waiting = 20;

/**
 * `survival`: from the moment the engine is killed (or frozen) to the moment its successor has taken over every call, restart
 * included; 20 pairs talk and 20 callers wait. That nothing is lost on the way is held by `test/calls/survival.test.ts`; here it is
 * only counted.
 */
export async function survival(options: Options): Promise<void> {
  const rounds = options.rounds ?? 10;
  const rig = await openRig({ agents: pairs, groups: 1 });
  try {
    await rig.seatAgents(3_600_000);
    const system = await openKontaktlots(rig, { lasting: false, probe: "rest" });
    const dials = system.direct.map((number) => ({ number, from: "0701740605" }));
    await rig.call({ scenario: "caller", calls: pairs + waiting, rate: 20, limit: pairs + waiting, dials });
    await complete(rig);
    const all = await rig.left();
    for (const signal of ["SIGKILL", "SIGSTOP"] as const) {
      const times: number[] = [];
      let lost = 0;
      for (let round = 0; round < rounds; round++) {
        say(`survival: ${signal}, round ${round + 1} of ${rounds} …`);
        await delay(Math.random() * 500); // anywhere between two of the engine's own beats
        const serving = once(rig.system.engine, "serving");
        const began = performance.now();
        process.kill(rig.system.engine.pid ?? 0, signal);
        await serving;
        times.push(performance.now() - began);
        await complete(rig);
        lost += all.channels - (await rig.left()).channels;
        await delay(5500); // a process that lived for 5 s is started again at once, as in life
      }
      print({
        bench: "survival",
        system: "kontaktlots",
        signal,
        talking: pairs,
        waiting,
        ...spread("", times),
        lost_channels_count: lost,
      });
    }
  } finally {
    await rig.close();
  }
}

/** Resolves when the engine shows all who talk and all who wait. */
async function complete(rig: Rig): Promise<void> {
  while (!rig.link.up || rig.link.board?.talking !== pairs || rig.link.board.waiting !== waiting) await once(rig.link, "message");
}
