import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { generalist } from "../support/competence.ts";
import { testSystem } from "../support/system.ts";
import { citizen, desk, directNumber, promptTones, tonePlan } from "./people.ts";

t.setTimeout(240_000);

const finnishNumber = "0846500402";

/** The calls' plan with Finnish, which nobody of the tests' agents speaks, and a number for it. */
async function withFinnish(folder: string): Promise<string> {
  const file = join(folder, "plan.yaml");
  const text = (await readFile(file, "utf8"))
    .replace("languages: [sv, en]", "languages: [sv, en, fi]")
    .replace(
      "\nmenus:",
      '  - number: "+46846500402"\n    name: { sv: Suomeksi, en: In Finnish }\n    greeting: greeting\n    start: { group: b }\n    language: fi\n\nmenus:',
    )
    .replace(/prompts:[\s\S]*/, (prompts) => prompts.replaceAll(/ }$/gm, ", fi: Hei }"))
    .replace(/(place-n:.*)fi: Hei/, '$1fi: "Numero {n}"');
  await writeFile(file, text);
  return folder;
}

t.test("a group without anyone, and a language no one speaks, lead to a person", async (t) => {
  const sys = await testSystem(t, {
    agents: { anna: { ...generalist(["a"]), languages: { sv: "native", en: "good" } } },
    planDir: await withFinnish(await tonePlan(t)),
  });
  const phone = await desk(t, sys, "anna");
  const caller = await citizen(t, sys);

  await t.test("the group has nobody: told so, and the last resort answers", async (t) => {
    const call = await caller.dial(directNumber);
    await call.media.hears(promptTones["other-group"]);
    const leg = await phone.nextCall();
    leg.ring();
    leg.pickUp();
    await sys.facts("call.answered", 1);
    call.hangUp();
    await Promise.all([leg.ended(), call.ended()]);
    t.match(await sys.facts("call.fallback"), [{ group: "b", toGroup: "a", languages: ["sv"], agreed: false }]);
    const wrapping = await sys.agent("anna", (view) => view.state === "wrap-up");
    await sys.command({ type: "done", agent: "anna", call: wrapping.wrapUp?.call ?? "" });
  });

  await t.test("nobody speaks it: the caller is asked, presses 2, and is helped in English", async (t) => {
    const call = await caller.dial(finnishNumber);
    await call.gets("200 INVITE");
    const asked = (await sys.facts("call.menu")).filter(({ node }) => node === "no-speaker");
    t.match(asked, [{ language: "fi" }]);
    await call.media.hearsSomething();
    await call.media.press("2");
    const leg = await phone.nextCall();
    leg.ring();
    leg.pickUp();
    const answered = await sys.facts("call.answered", 2);
    t.match(answered.at(-1), { group: "a", agent: "anna" });
    t.match((await sys.facts("call.fallback", 2)).at(-1), { group: "b", languages: ["fi"], toLanguages: ["en"], agreed: true });
    t.match((await sys.facts("call.queued", 2)).at(-1), { group: "a", language: "en" });
    call.hangUp();
    await Promise.all([leg.ended(), call.ended()]);
  });
});
