import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import t, { type Test } from "tap";
import { recordingId } from "../../src/core/call/ids.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openAccountAdmin } from "../../src/store/sqlite/account-admin.ts";
import { type TestSystem, testSystem } from "../support/system.ts";
import { hasHeard, listen, Said, speakAfterTone } from "./hearing.ts";
import { citizen, keyIn, menuNumber, promptTones, tonePlan } from "./people.ts";

/** Announcements set and cleared by telephone. */

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);

const crisisNumber = "0846500406";
/** What the message sounds like, Hz: nothing else on the line does. */
const message = 1_500;

t.test("the crisis number", async (t) => {
  const sys = await testSystem(t, { agents: {}, planDir: await withDesk(t) });
  const accounts = await openAccountAdmin(join(sys.stateDir, stateFiles.accounts));
  await accounts.store.createUser({ user: "eva", name: "Eva", roles: ["lead"], password: "a password" });
  await accounts.store.createUser({ user: "bo", name: "Bo", roles: ["agent"], password: "a password" });
  await accounts.setPin("eva", "314159");
  await accounts.setPin("bo", "271828");
  await t.rejects(accounts.setPin("bo", "314159"), { code: "REQUEST_INVALID" }, "a PIN is one person's");
  await t.rejects(accounts.setPin("bo", "12"), { code: "REQUEST_INVALID" });
  await accounts.close();
  const said = new Said(sys);
  const staff = await citizen(t, sys, "0701740607");
  const caller = await citizen(t, sys);

  await t.test("PIN, message, listening, anew, confirmed: who begins once it is in force hears it before the menu", async (t) => {
    const call = await staff.dial(crisisNumber);
    await said.next("announce-pin");
    await keyIn(call, "000000#");
    await said.next("announce-wrong-pin");
    await keyIn(call, "314159#");
    await said.next("announce-choices");
    await call.media.press("1");
    await said.next("announce-record");
    await speakAfterTone(call, 2_500, { hertz: 1_750 });
    await call.media.press("#");
    call.media.quiet();
    await said.next("announce-confirm");
    const from = call.media.heard.all.length;
    await call.media.hears(1_750, from);
    await call.media.press("2");
    await said.next("announce-record");
    await call.media.press("*"); // the impatient: it begins at once
    await speakAfterTone(call, 2_500, { from: call.media.heard.all.length, hertz: message });
    await call.media.press("#");
    call.media.quiet();
    await said.next("announce-confirm");
    const again = call.media.heard.all.length;
    await call.media.hears(message, again);
    await call.media.press("1");
    const confirmed = Date.now();
    const [set] = await sys.facts("announcement.set");

    const next = await caller.dial(menuNumber);
    await next.media.hears(promptTones.menu);
    t.ok(hasHeard(next, message), "heard before the menu");
    next.hangUp();
    await next.ended();
    t.equal((await call.ended()).by, "peer");
    t.match(set, { by: "eva", where: "all" });
    t.comment(`in force ${(set?.at ?? 0) - confirmed} ms after the confirming key`);
    t.notMatch(JSON.stringify(await sys.allFacts()), /314159|"key":"4"/, "the PIN is in no fact");
    t.same(await sys.ari("GET", "recordings/stored"), [], "and no recording is left with Asterisk");
  });

  await t.test("cleared by telephone: the next caller hears the menu alone", async (t) => {
    const call = await staff.dial(crisisNumber);
    await said.next("announce-pin");
    await keyIn(call, "314159#");
    await said.next("announce-choices");
    await call.media.press("2");
    await said.next("announce-cleared");
    t.equal((await call.ended()).by, "peer");
    t.match(await sys.facts("announcement.cleared"), [{ by: "eva" }]);
    const next = await caller.dial(menuNumber);
    await said.next("greeting");
    t.strictSame((await sys.facts("call.said")).at(-1)?.prompts, ["greeting", "menu"]);
    next.hangUp();
    await next.ended();
  });

  await t.test("three wrong PINs, an agent's among them, end the call", async (t) => {
    const call = await (await citizen(t, sys, "0701740608")).dial(crisisNumber);
    await said.next("announce-pin");
    for (const pin of ["000000#", "271828#", "314158#"]) {
      await keyIn(call, pin);
      await said.next("announce-wrong-pin");
    }
    t.equal((await call.ended()).by, "peer");
    t.strictSame((await sys.facts("call.said")).at(-1)?.prompts, ["announce-wrong-pin", "goodbye"]);
    t.equal((await sys.facts("announcement.set")).length, 1);
  });

  await t.test("hung up while recording, and while asked whether it is right: nothing is set, and nothing is left", async (t) => {
    for (const when of ["recording", "confirm"]) {
      const call = await staff.dial(crisisNumber);
      await said.next("announce-pin");
      await keyIn(call, "314159#");
      await said.next("announce-choices");
      await call.media.press("1");
      await said.next("announce-record");
      await speakAfterTone(call, 2_500, { from: call.media.heard.all.length, hertz: message });
      const name = recordingId((await sys.facts("call.arrived")).at(-1)?.call ?? "", 1);
      t.match(await sys.ari("GET", `recordings/live/${encodeURIComponent(name)}`), { state: "recording" });
      if (when === "confirm") {
        await call.media.press("#");
        await said.next("announce-confirm");
        t.match(await sys.ari("GET", "recordings/stored"), [{ name }], "it is with Asterisk meanwhile");
      }
      call.hangUp();
      await call.ended();
      await sys.empty();
      t.same(await untilNoRecording(sys), [], when);
    }
    t.equal((await sys.facts("announcement.set")).length, 1);
  });

  await t.test("nothing is said three times: the call ends, and nothing is set", async (t) => {
    const call = await staff.dial(crisisNumber);
    await said.next("announce-pin");
    await keyIn(call, "314159#");
    await said.next("announce-choices");
    await call.media.press("1");
    await said.next("announce-record");
    for (let n = 0; n < 3; n++) {
      await call.media.press("#"); // begins
      await listen(call, 500);
      await call.media.press("#"); // ends
      await said.next("voicemail-empty"); // and again how to record
    }
    t.equal((await call.ended()).by, "peer");
    t.equal((await sys.facts("announcement.set")).length, 1);
    t.same(await sys.ari("GET", "recordings/stored"), []);
  });
});

/** What Asterisk keeps, once it is nothing, or after so many looks. */
async function untilNoRecording(sys: TestSystem, looks = 500): Promise<unknown> {
  const kept = (await sys.ari("GET", "recordings/stored")) as readonly unknown[];
  if (kept.length === 0 || looks === 0) return kept;
  await delay(30);
  return untilNoRecording(sys, looks - 1);
}

/** The calls' plan with a number for announcements. */
async function withDesk(t: Test): Promise<string> {
  const folder = await tonePlan(t);
  const file = join(folder, "plan.yaml");
  const desk = `
  - number: "+46846500406"
    name: { sv: Krisnummer, en: Crisis number }
    greeting: greeting
    start: { step: desk }
`;
  const steps = `
steps:
  announcements:
    desk: { label: { sv: Kris, en: Crisis }, wait-seconds: 5, otherwise: end }
`;
  const plan = await readFile(file, "utf8");
  await writeFile(file, `${plan.replace("\nmenus:", `${desk}\nmenus:`)}${steps}`);
  return folder;
}
