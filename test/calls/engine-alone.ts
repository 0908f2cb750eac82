import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Test } from "tap";
import type { EngineWord, SupervisorWord } from "../../src/engine/supervised.ts";
import { type Runtime, stateFiles } from "../../src/settings/runtime.ts";
import { Journal } from "../support/sip/journal.ts";
import type { TestSystem } from "../support/system.ts";

/** Engines that nobody keeps running. */

export interface LoneEngine {
  readonly words: Journal<EngineWord>;
  readonly exited: Promise<number | null>;
}

/** Starts one more engine on the system's Asterisk: with the same log, or with one of its own. */
export async function startEngine(t: Test, sys: TestSystem, log: "same" | "own"): Promise<LoneEngine> {
  const runtime = JSON.parse(await readFile(join(sys.stateDir, stateFiles.runtime), "utf8")) as Runtime;
  const stateDir = log === "same" ? sys.stateDir : join(sys.stateDir, "second");
  if (log === "own") {
    await mkdir(stateDir);
    await copyFile(join(sys.stateDir, stateFiles.accounts), join(stateDir, stateFiles.accounts));
  }
  const file = join(sys.stateDir, `second-${log}.json`);
  await writeFile(file, JSON.stringify({ ...runtime, stateDir }));
  const child: ChildProcess = fork(fileURLToPath(new URL("../../src/engine/main.ts", import.meta.url)), [file], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  child.send("serve" satisfies SupervisorWord);
  const exited = once(child, "exit").then(([code]) => code as number | null);
  t.teardown(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  const words = new Journal<EngineWord>("second engine", (word) => JSON.stringify(word));
  child.on("message", (word: EngineWord) => words.add(word));
  return { words, exited };
}

/** Kills the system's engine, and none takes its place. */
export async function killEngine({ system: { engine } }: TestSystem): Promise<void> {
  process.kill(engine.pid ?? Number.NaN, "SIGKILL");
  await engine.stop();
}

/** An engine takes up what one that was killed has left. */
export async function engineAgain(t: Test, sys: TestSystem): Promise<void> {
  const { words } = await startEngine(t, sys, "same");
  // Loading takes many times as long on a machine busy with other tests.
  await words.when("serving", (word) => word === "serving", 0, 120_000);
  if (!sys.link.up) await once(sys.link, "up");
}
