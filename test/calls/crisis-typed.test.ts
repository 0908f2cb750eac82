import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openAccounts } from "../../src/store/accounts.ts";
import { signInAt, waterTexts } from "../support/publish.ts";
import { spokenBetween } from "../support/sip/speech.ts";
import { testSystem } from "../support/system.ts";
import { listen } from "./hearing.ts";
import { citizen, directNumber, menuNumber, promptTones, tonePlan } from "./people.ts";

/** From a text typed on the page to the voice that callers hear. */

t.setTimeout(240_000);

/** Whoever begins so long after the button hears it, ms. */
const graceMs = 5_000;
/** A sentence is longer than that, ms; nothing else is spoken here between the name and the menu. */
const sentenceMs = 1_000;

t.test("typed in nine languages: who begins 5 s after the button hears the voice, between the name and the menu", async (t) => {
  const planDir = await tonePlan(t);
  const file = join(planDir, "plan.yaml");
  const plan = await readFile(file, "utf8");
  await writeFile(file, plan.replace("languages: [sv, en]", `languages: [${Object.keys(waterTexts).join(", ")}]`));
  const sys = await testSystem(t, { agents: {}, planDir, withFront: true });
  const accounts = await openAccounts({ file: join(sys.stateDir, stateFiles.accounts) });
  await accounts.createUser({ user: "lena", name: "Lena", roles: ["lead"], password: "a password" });
  await accounts.close();
  const page = await signInAt(`http://127.0.0.1:${sys.ports.spare[0]}`, "lena", "a password");
  const waits = await (await citizen(t, sys, "0701740607")).dial(directNumber);
  await sys.facts("call.queued");
  const caller = await citizen(t, sys);
  const heard = async (): Promise<number> => {
    const call = await caller.dial(menuNumber);
    await call.media.hears(promptTones.menu);
    const packets = call.media.heard.all.map(({ sound }) => sound);
    call.hangUp();
    await call.ended();
    return spokenBetween(packets, promptTones.greeting, promptTones.menu)?.ms ?? Number.NaN;
  };
  t.ok((await heard()) < sentenceMs, "nothing is said there before");

  const button = Date.now();
  const published = page.publish(waterTexts);
  await listen(waits, graceMs);
  const ms = await heard();
  t.ok(ms >= sentenceMs, `${ms} ms of speech`);
  await published;
  const [set] = await sys.facts("announcement.set");
  t.match(Object.keys(set?.texts ?? {}), Object.keys(waterTexts));
  t.comment(`in force ${(set?.at ?? 0) - button} ms after the button`);
  waits.hangUp();
  await waits.ended();
});
