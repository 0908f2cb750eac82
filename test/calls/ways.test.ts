import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { Key } from "../../src/core/plan/plan.ts";
import type { Call } from "../support/sip/call.ts";
import { testSystem } from "../support/system.ts";
import { citizen, desk, longestGap, tonePlan } from "./people.ts";

/** The ways of a caller who does not come straight to an agent: what is said stands in the log, and nobody is left in silence. */

t.setTimeout(240_000);

/** Some hours from now on, whatever the time is. */
const later = String((new Date().getUTCHours() + 5) % 24).padStart(2, "0");
const asking = "tries: 2, wait-seconds: 2";
const steps = `steps:
  messages:
    news: { label: { sv: Nytt, en: News }, says: [many-waiting], next: back }
  languages:
    others: { label: { sv: Språk, en: Languages }, ${asking}, next: { menu: top }, otherwise: { group: a } }
  districts:
    where: { label: { sv: Var, en: Where }, ${asking}, next: { group: b }, otherwise: { group: a } }
  surveys:
    asked: { label: { sv: Frågor, en: Questions }, wait-seconds: 2, questions: [survey-question-solved, survey-question-wait] }
districts: [Bromma]
postcodes: { "167": Bromma }
hours:
  never: { days: { mon-sun: "${later}:00-${later}:30" }, exceptions: {}, holidays: closed }
menus:
  shut:
    label: { sv: Stängt, en: Closed }
    says: [closed, $opens]
    prompt: closed-message
    keys: { 1: end, 0: { group: a }, "*": repeat }
    wait-seconds: 2
    tries: 2
    otherwise: end
  meanwhile:
    label: { sv: I kön, en: In line }
    prompt: waiting-choices
    keys: { 1: { step: news }, 2: end, 0: back, "*": repeat }
    otherwise: back`;

async function withWays(t: Test): Promise<string> {
  const folder = await tonePlan(t);
  const file = join(folder, "plan.yaml");
  const number = (last: string, start: string) =>
    `  - { number: "+464650040${last}", name: { sv: N${last}, en: N${last} }, greeting: greeting, start: ${start} }\n`.replace(
      "+4646500",
      "+46846500",
    );
  const numbers = [
    number("2", "{ group: c }"),
    number("3", "{ step: others }"),
    number("4", "{ step: where }"),
    number("5", "{ group: d }"),
  ].join("");
  const groups = `  c: { name: { sv: C, en: C }, board: N, hours: never, closed: { menu: shut } }
  d: { name: { sv: D, en: D }, board: N, waiting-menu: meanwhile, survey: asked }
`;
  const text = (await readFile(file, "utf8"))
    .replace("\nmenus:", () => `${numbers}${steps}`)
    .replace("\nprompts:\n", () => `${groups}\nprompts:\n`);
  await writeFile(file, text);
  return folder;
}

t.test("closed, other languages, district, waiting and survey on a real line", async (t) => {
  // A demo never closes.
  const env = { DEMO: "false" };
  const sys = await testSystem(t, { agents: { anna: ["d"], bo: ["b"] }, planDir: await withWays(t), env });
  const caller = await citizen(t, sys);
  const press = async (call: Call, ...keys: Key[]): Promise<void> => {
    for (const key of keys) await call.media.press(key);
  };
  let heard = 0;
  /** What is said next, to whoever is on the line. */
  const says = async (): Promise<readonly string[]> => (await sys.facts("call.said", ++heard)).at(-1)?.prompts ?? [];
  let over = 0;
  const ended = async (t: Test, call: Call): Promise<void> => {
    t.ok(longestGap(call) <= 1_500, `no silence: at most ${longestGap(call)} ms`);
    await call.ended();
    await sys.facts("call.ended", ++over);
    await sys.empty();
  };

  await t.test("closed: when it opens, what may be done meanwhile, and a goodbye for who presses nothing", async (t) => {
    const call = await caller.dial("0846500402");
    const first = await says();
    t.match(first, ["greeting", "closed", "opens-at", /^day-/, `clock-${Number(later)}`, "closed-message"]);
    t.strictSame((await says()).slice(0, 1), ["no-key"]);
    t.strictSame(await says(), ["goodbye"]);
    await ended(t, call);
  });

  await t.test("closed: a key ends it at once", async (t) => {
    const call = await caller.dial("0846500402");
    await says();
    await press(call, "1");
    t.strictSame(await says(), ["goodbye"]);
    await ended(t, call);
  });

  await t.test("another language by its own key, also in the next call", async (t) => {
    const call = await caller.dial("0846500403");
    t.strictSame(await says(), ["greeting", "en:language-choice-1"]);
    await press(call, "1");
    t.strictSame(await says(), ["menu"]);
    t.equal((await sys.facts("call.said", heard)).at(-1)?.language, "en");
    call.hangUp();
    await ended(t, call);
  });

  await t.test("the district by a postal code, wrong once", async (t) => {
    const call = await caller.dial("0846500404");
    t.strictSame(await says(), ["greeting", "key-postcode"]);
    await press(call, "9", "9", "9", "9", "9");
    t.strictSame(await says(), ["wrong-key", "postcode-unknown", "key-postcode"]);
    await press(call, "1", "6", "7", "3", "3");
    t.match(await sys.facts("call.district"), [{ district: "Bromma" }]);
    t.match((await sys.facts("call.queued")).at(-1), { group: "b", district: "Bromma" });
    await says();
    call.hangUp();
    await ended(t, call);
  });

  await t.test("who waits hears news and is back in place; whom the agent lets go first is asked how it went", async (t) => {
    const call = await caller.dial("0846500405");
    t.equal((await says()).at(-1), "place-first");
    await press(call, "1");
    t.strictSame(await says(), ["many-waiting"]);
    t.strictSame(await says(), ["place-first"], "back in place");
    const phone = await desk(t, sys, "anna");
    const leg = await phone.nextCall();
    leg.pickUp();
    await sys.facts("call.answered");
    leg.hangUp();
    t.strictSame(await says(), ["survey-start", "survey-question-solved"]);
    await press(call, "5");
    t.strictSame(await says(), ["survey-question-wait"]);
    await press(call, "3");
    t.strictSame(await says(), ["survey-thanks", "goodbye"]);
    t.match(await sys.facts("call.survey", 2), [{ answer: 5 }, { question: "survey-question-wait", answer: 3 }]);
    await call.ended();
    await sys.facts("call.ended", ++over);
  });
});
