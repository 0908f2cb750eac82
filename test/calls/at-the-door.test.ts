import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { followFacts } from "../support/follow-facts.ts";
import { sippPair } from "../support/sip/sipp-pair.ts";
import { type ToldCall, toldSipp } from "../support/sip/told.ts";
import { testSystem } from "../support/system.ts";
import { along } from "./follow-way.ts";
import { directNumber, menuNumber, promptTones, tonePlan } from "./people.ts";
import { theNumber, told, type Way, waits } from "./way.ts";

/** What may come to the city's door by telephone: more calls than are let in, and garbage. Whatever it is, the line stays up. */

t.setTimeout(240_000);

const backNumber = "0846500402";
/** Calls in menus and queues together. */
const admitted = 10;
const quietMs = 1_500;

/** The calls' plan with a number to be rung back by, and a limit. */
async function doorPlan(t: Test): Promise<string> {
  const folder = await tonePlan(t);
  const file = join(folder, "plan.yaml");
  const text = (await readFile(file, "utf8")).replace(
    "\nmenus:",
    `
  - { number: "+46846500402", name: { sv: Ring upp, en: Ring back }, greeting: greeting, start: { step: back } }
steps:
  callbacks:
    back: { label: { sv: Ring upp, en: Ring back }, group: b, wait-seconds: 2, otherwise: { group: a } }
callbacks: { attempts: 2, retry-minutes: 1, ring-seconds: 10, nordic-mobiles: false }
admission: { calls: ${admitted}, next: { menu: full } }
menus:
  full:
    label: { sv: Fullt, en: Full }
    says: [many-waiting]
    prompt: waiting-choices
    keys: { 1: { step: back }, 0: { group: a }, "*": repeat }
    otherwise: { group: a }`,
  );
  await writeFile(file, text);
  return folder;
}

async function door(t: Test) {
  const sys = await testSystem(t, { agents: { anna: ["a", "b"] }, planDir: await doorPlan(t), env: { DEMO: "false" } });
  const sipp = await toldSipp(t, sys.server);
  const facts = followFacts(t, sys);
  const walk = async (way: Way) => {
    const call = await sipp.dial(way.dials ?? menuNumber, way.from ?? "0701740605");
    return await along(way, { facts, call, tones: new Map(), secrets: {}, recording: async () => {} });
  };
  return { sys, sipp, walk };
}

const leave = async (call: ToldCall): Promise<void> => {
  call.hangUp();
  await call.over();
};

t.test("whoever comes beyond the limit is answered, told so and offered a callback", async (t) => {
  const { sys, sipp, walk } = await door(t);
  const inside = await Promise.all(Array.from({ length: admitted }, (_, n) => sipp.dial(directNumber, `070174062${n}`)));
  for (const call of inside) await call.answered();
  await sys.facts("call.arrived", admitted);
  const beyond = { start: "", from: "0701740613", dials: menuNumber };
  const over = await walk({
    ...{ ...beyond, name: "beyond the limit", ends: told },
    talk: `greeting many-waiting waiting-choices / > 5 / wrong-key many-waiting waiting-choices / > 1 / ${theNumber} / > 2 / callback-key-number / > 0701740699# / ${theNumber} / > 1 / callback-booked goodbye`,
  });
  const { gapMs, quietMs: quiet, facts } = await over.end();
  t.comment(`spoken by the voice: longest gap ${gapMs} ms, longest quiet ${quiet} ms`);
  t.ok(Math.max(gapMs, quiet) <= quietMs, `no silence: at most ${Math.max(gapMs, quiet)} ms`);
  t.match(
    facts.filter(({ type }) => type === "call.surge"),
    [{ calls: admitted }],
  );
  await Promise.all(inside.map(leave));
  await sys.empty();
});

t.test("garbage: it is let in or refused, and the next caller is served", async (t) => {
  const { sys, sipp, walk } = await door(t);
  let queuedBefore = 0;

  await t.test("callers whose number is none ring without one", async (t) => {
    const garbage = [
      "'--",
      "0".repeat(200),
      "+",
      "%00%00",
      "%0d%0aX",
      "112",
      "-1",
      "$(reboot)",
      "0701740605,1,2",
      "x".repeat(60),
    ];
    const calls = await Promise.all(garbage.map((from) => sipp.dial(menuNumber, from)));
    for (const call of calls) await call.answered();
    const arrived = await sys.facts("call.arrived", garbage.length);
    t.strictSame(new Set(arrived.map(({ from }) => from)), new Set([null]));
    await Promise.all(calls.map(leave));
  });

  await t.test("numbers that are none: the city's own number answers, or they are refused", async () => {
    const answered = ["abc", "1".repeat(150), "*", "00", "+46", "0846500400x"];
    const refused = ["$(x)", "%25%25"];
    const calls = await Promise.all(answered.map((number) => sipp.dial(number, "0701740605")));
    for (const call of calls) await call.answered();
    await Promise.all(calls.map(leave));
    const turned = await Promise.all(refused.map((number) => sipp.dial(number, "0701740605")));
    for (const call of turned) await call.refused();
  });

  await t.test("what is no SIP is dropped, and a call without sound is ended", async (t) => {
    for (const from of ["", "<script>", "a b", "\u{1f4a3}", "\0"]) await sipp.dial(menuNumber, from);
    const { callers } = await sippPair(t);
    const dials = [{ number: menuNumber, from: "0701740605" }];
    const silent = await callers.start({ scenario: "caller-no-sdp", remote: sys.server, calls: 1, dials });
    t.match(await silent.done, { successful: 1, failed: 0 });
  });

  await t.test("keys that no telephone has: nothing comes of them, and the next one counts", async (t) => {
    const call = await sipp.dial(menuNumber, "0701740609");
    await call.media.hears(promptTones.menu);
    const { call: id } = (await sys.facts("call.arrived")).at(-1) ?? {};
    for (const key of "ABCD") await call.media.press(key);
    await call.media.press("1");
    const queued = (await sys.facts("call.queued")).at(-1);
    t.match(queued, { call: id, group: "a" });
    const keys = (await sys.facts("call.key")).filter((fact) => fact.call === id).map(({ key }) => key);
    t.strictSame(keys, ["1"]);
    await leave(call);
    queuedBefore = 1;
  });

  await t.test("floods of keys: a menu is still a menu, and whoever keys no number comes to a group", async (t) => {
    const [patient, hasty] = await Promise.all([sipp.dial(menuNumber, "0701740606"), sipp.dial(backNumber, "0701740607")]);
    await Promise.all([patient.answered(), hasty.answered()]);
    const before = (await sys.facts("call.key", 0)).length;
    await Promise.all([flood(patient, "*"), flood(hasty, "2999999999999999999")]);
    await patient.media.press("1");
    const queued = (await sys.facts("call.queued", queuedBefore + 2)).slice(queuedBefore).map(({ group }) => group);
    t.strictSame(queued.sort(), ["a", "a"]);
    t.ok((await sys.facts("call.key")).length - before > floodKeys, "they were taken");
    await Promise.all([patient, hasty].map(leave));
  });

  const over = await walk({
    name: "after all that",
    start: "",
    from: "0701740608",
    talk: "greeting menu / > 1 / place",
    ends: waits,
  });
  t.ok((await over.end()).quietMs <= quietMs);
  await sys.empty();
});

const floodKeys = 300;

/** As fast as keys can be told from each other. */
async function flood(call: ToldCall, keys: string): Promise<void> {
  for (let n = 0; n < floodKeys; n++) await call.media.press(keys.charAt(n % keys.length), 40);
}
