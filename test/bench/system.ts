import { chmod, copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { queueNumber } from "./app-queue.ts";
import { say } from "./figures.ts";
import { groupNumber, menuNumber } from "./plan.ts";
import type { ProbeWish } from "./probe-client.ts";
import type { Rig } from "./rig.ts";
import { startStillLoop } from "./still-loop.ts";

/** One of the two systems that are put beside each other, ready for calls. */
export interface System {
  readonly name: "kontaktlots" | "app_queue";
  /** The numbers that lead straight to each group. */
  readonly direct: readonly string[];
  /** The number with a greeting and a menu, where key 1 leads to the first group. */
  readonly menu: string;
  /** Processes that belong to it, Asterisk first. */
  readonly pids: readonly number[];
  /** Figures of its own since the last time they were asked for. */
  figures(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

const numbers = (rig: Rig, of: (group: number) => string): string[] => Array.from({ length: rig.groups }, (_, n) => of(n + 1));

/** Asterisk's own queue. It needs no process beside Asterisk; our engine stays, with nothing to do. */
export async function openAppQueue(rig: Rig): Promise<System> {
  const sounds = join(rig.dir, "state", "asterisk", "sounds");
  const made = await readdir(join(sounds, "prompts"));
  await mkdir(join(sounds, "bench"), { recursive: true });
  await chmod(join(sounds, "bench"), 0o755);
  for (const name of ["greeting", "menu"]) {
    const file = made.find((one) => one.startsWith(`sv-${name}-`)) ?? "";
    await copyFile(join(sounds, "prompts", file), join(sounds, "bench", `${name}.alaw`));
  }
  return {
    name: "app_queue",
    direct: numbers(rig, queueNumber),
    menu: queueNumber(0),
    pids: [rig.asteriskPid],
    figures: async () => ({}),
    close: async () => {},
  };
}

export interface KontaktlotsOptions {
  /** The engine must not end before `close`. Default true. */
  readonly lasting?: boolean;
  /** `look`: how long the loop is blocked is measured; `rest`: not, so that the measuring takes no processor time. Default `look`. */
  readonly probe?: ProbeWish;
}

/** Kontaktlots: the engine that runs in the rig, with all its agents available. */
export async function openKontaktlots(rig: Rig, { lasting = true, probe = "look" }: KontaktlotsOptions = {}): Promise<System> {
  await rig.ready();
  const agents = [...rig.link.agents.keys()];
  await Promise.all(agents.map((agent) => rig.link.send({ type: "available", agent })));
  const pid = rig.system.engine.pid ?? 0;
  await rig.probe.read(pid, probe);
  const still = probe === "look" ? startStillLoop() : undefined;
  await still?.longestBlockMs();
  // Figures of a run in which the engine was started anew mean nothing.
  const giveUp = ({ stalled }: { readonly stalled: boolean }): void => {
    say(
      `The engine has ended ${stalled ? "because its loop stood still: is the machine busy with other things?" : ""}; no figures.`,
    );
    void rig.close().finally(() => process.exit(1));
  };
  if (lasting) rig.system.engine.once("ended", giveUp);
  return {
    name: "kontaktlots",
    direct: numbers(rig, groupNumber),
    menu: menuNumber,
    pids: [rig.asteriskPid, pid],
    figures: async (): Promise<Record<string, number>> => {
      const { longestBlockMs, longestWorkMs } = await rig.probe.read(pid, probe);
      if (still === undefined) return {};
      return {
        engine_longest_block_ms: longestBlockMs,
        engine_longest_work_ms: longestWorkMs,
        still_loop_longest_block_ms: await still.longestBlockMs(),
      };
    },
    close: async () => {
      still?.close();
      rig.system.engine.off("ended", giveUp);
      await Promise.all(agents.map((agent) => rig.link.send({ type: "sign-out", agent })));
    },
  };
}
