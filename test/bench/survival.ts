import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { print, say, spread } from "./figures.ts";
import type { Options } from "./options.ts";
import { openRig, type Rig } from "./rig.ts";
import { openKontaktlots } from "./system.ts";

const pairs = 20;
const waiting = 20;

/**
 * `survival`: from the moment the engine is killed (or frozen) to the moment its successor has taken over every call, restart
 * included; 20 pairs talk and 20 callers wait. As in life one stands by; what it is worth is seen from the rounds in which it is killed
 * too. That nothing is lost on the way is held by `test/calls/survival.test.ts`; here it is only counted.
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
    const { engine } = rig.system;
    for (const [signal, standBy] of [["SIGKILL", true] as const, ["SIGSTOP", true] as const, ["SIGKILL", false] as const]) {
      const times: number[] = [];
      const memory: number[] = [];
      let lost = 0;
      for (let round = 0; round < rounds; round++) {
        say(`survival: ${signal}${standBy ? "" : ", none stands by"}, round ${round + 1} of ${rounds} …`);
        const next = await standingBy(engine);
        memory.push(ownMb(next));
        await delay(Math.random() * 500); // anywhere between two of the engine's own beats
        if (!standBy) process.kill(next, "SIGKILL");
        const serving = once(engine, "serving");
        const began = performance.now();
        process.kill(engine.pid ?? 0, signal);
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
        stands_by: standBy,
        talking: pairs,
        waiting,
        ...spread("", times),
        lost_channels_count: lost,
        stand_by_mb: Math.max(...memory),
      });
    }
  } finally {
    await rig.close();
  }
}

/** Resolves with the id of the process that stands by, when it has loaded. */
async function standingBy(engine: Rig["system"]["engine"]): Promise<number> {
  if (engine.standByPid === undefined) await once(engine, "standingBy");
  return engine.standByPid ?? 0;
}

/** Memory of a process, what it shares with others counted in part. See proc(5), smaps_rollup. */
function ownMb(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1]) / 1024;
}

/** Resolves when the engine shows all who talk and all who wait. */
async function complete(rig: Rig): Promise<void> {
  while (!rig.link.up || rig.link.board?.talking !== pairs || rig.link.board.waiting !== waiting) await once(rig.link, "message");
}
