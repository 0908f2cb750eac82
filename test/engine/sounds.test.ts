import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import t from "tap";
import { emptyState } from "../../src/core/state.ts";
import { step } from "../../src/core/step.ts";
import { makeOtherLanguages } from "../../src/engine/sounds.ts";
import { loadPlan } from "../../src/plans/load.ts";
import type { Runtime } from "../../src/settings/runtime.ts";
import { readSettings } from "../../src/settings/settings.ts";
import { provision } from "../../src/telephony/asterisk/index.ts";
import { espeak, preparePrompts } from "../../src/telephony/prompts/index.ts";
import { plan as smallPlan } from "../core/two-groups.ts";

t.setTimeout(300_000);
const { espeakNg, sox } = await provision();
const root = join(import.meta.dirname, "../..");

t.test("the other languages are made beside the engine, and offered when they are there", async (t) => {
  const stateDir = t.testdir();
  const planDir = join(stateDir, "plan");
  await cp(join(root, "test/fixtures/plans/calls"), planDir, { recursive: true });
  const soundsDir = join(stateDir, "sounds");
  await mkdir(soundsDir);
  const { cacheDir } = readSettings({}, root);
  const login = { username: "", password: "" };
  const plan = await loadPlan(planDir);
  const runtime: Runtime = {
    planDir,
    plan,
    stateDir,
    cacheDir,
    soundsDir,
    recordingsDir: soundsDir,
    soundTools: { espeakNg, sox },
    app: "test",
    ari: { url: "http://127.0.0.1:1", ...login },
    ami: { host: "127.0.0.1", port: 1, ...login },
    sipDomain: "test",
    http: { host: "127.0.0.1", port: 1, trustedProxies: [] },
    log: { level: "silent", format: "json" },
  };
  const runtimeFile = join(stateDir, "runtime.json");
  await writeFile(runtimeFile, JSON.stringify(runtime));
  const prompts = await preparePrompts(plan, planDir, soundsDir, espeak(espeakNg), { sox, cacheDir, languages: ["sv"] });
  t.strictSame(prompts.spoken, ["sv"]);
  const spoken = await new Promise<readonly string[]>((onSpoken) => {
    const making = makeOtherLanguages({ plan, prompts, runtimeFile, logger: pino({ level: "silent" }), onSpoken });
    t.teardown(() => making.close());
  });
  t.strictSame(spoken, ["sv", "en"]);
  t.match(prompts.media("goodbye", "en"), /\/en-goodbye-/);
});

t.test("the core knows what is spoken now", async (t) => {
  const core = emptyState();
  step(core, { at: 1, type: "plan.set", plan: { ...smallPlan, languages: ["sv", "fi"], spoken: ["sv"] } });
  step(core, { at: 2, type: "spoken.set", languages: ["sv", "fi"] });
  t.strictSame(core.plan?.spoken, ["sv", "fi"]);
});
