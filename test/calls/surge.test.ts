import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { Call } from "../support/sip/call.ts";
import { isRequest } from "../support/sip/message.ts";
import { type TestSystem, testSystem } from "../support/system.ts";
import { Said, speakAfterTone } from "./hearing.ts";
import { citizen, keyIn, longestGap, menuNumber, promptTones, tonePlan, toneWav } from "./people.ts";

/** A full group, and a surge: each way out of them with a real call. Nobody meets a busy tone. */

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);

const fullNumber = "0846500402";
/** Whoever rings here is let in, however many are there: by the number's word, by its menu's, and because it is urgent. */
const alwaysIn = { direct: "0846500403", menu: "0846500404", urgent: "0846500405" };
/** The least a plan may let in. */
const letIn = 10;

const offer = (id: string, otherwise: string) => `  ${id}:
    label: { sv: Erbjudande, en: Offer }
    says: [many-waiting]
    prompt: waiting-choices
    keys: { 1: { step: back }, 2: { step: mail }, 0: { group: c }, "*": repeat }
    wait-seconds: 2
    tries: 2
    otherwise: ${otherwise}`;
const steps = `steps:
  callbacks:
    back: { label: { sv: Ring upp, en: Ring back }, wait-seconds: 3, next: end, otherwise: back }
  voicemails:
    mail: { label: { sv: Meddelande, en: Message }, wait-seconds: 3, next: end, otherwise: back }
callbacks: { attempts: 1, retry-minutes: 1, ring-seconds: 10, nordic-mobiles: false }
admission: { calls: ${letIn}, next: { menu: surge } }
menus:
${offer("full", "{ group: c }")}
${offer("surge", "end")}
  calm: { label: { sv: Lugn, en: Calm }, prompt: menu, keys: { 1: { group: a }, "*": repeat }, otherwise: { group: a }, admission: false }
`;

t.test("a full group and a surge", async (t) => {
  const sys = await testSystem(t, { agents: { anna: ["a", "b", "c"] }, planDir: await withOffers(t) });
  const said = new Said(sys);
  const first = await (await citizen(t, sys)).dial(fullNumber);
  await said.next("place-first");

  await t.test("full: told so; who stays on the line waits", async (t) => {
    const call = await (await citizen(t, sys, "0701740611")).dial(fullNumber);
    await said.next("waiting-choices");
    t.strictSame((await sys.facts("call.said")).at(-1)?.prompts, ["greeting", "many-waiting", "waiting-choices"]);
    await said.next("no-key");
    await said.next("place-2");
    t.match(await sys.facts("call.turned-away"), [{ group: "c", because: "full" }]);
    t.match((await sys.facts("call.queued", 2)).at(-1), { group: "c" });
    await leave(t, sys, call, 1);
  });

  await t.test("full: rung back instead, by the group that was full", async (t) => {
    const call = await (await citizen(t, sys, "0701740612")).dial(fullNumber);
    await said.next("waiting-choices");
    await call.media.press("1");
    await said.next("callback-confirm");
    await call.media.press("1");
    t.match(await sys.facts("callback.booked", 1), [{ group: "c", number: "+46701740612" }]);
    await letGo(t, call);
  });

  await t.test("full: a message instead", async (t) => {
    const call = await (await citizen(t, sys, "0701740613")).dial(fullNumber);
    await said.next("waiting-choices");
    await leaveMessage(said, call);
    t.match(await sys.facts("call.message", 1), [{ from: "+46701740613" }]);
    await letGo(t, call);
  });

  // From here on so many are there that the next is led aside; it rings at numbers of a menu, a group, and a group that is full.
  const crowd = [first];
  const many = await citizen(t, sys, "anonymous");
  while (crowd.length < letIn) crowd.push(await many.dial(menuNumber));
  await Promise.all(crowd.map((call) => call.media.hears(promptTones.greeting)));
  t.equal((await sys.facts("call.surge", 0)).length, 0, "all of them were let in");

  await t.test("a surge: numbers for which admission does not hold are as always", async (t) => {
    for (const [number, from, prompt] of [
      [alwaysIn.direct, "0701740619", "place"],
      [alwaysIn.urgent, "0701740620", "place"],
      [alwaysIn.menu, "0701740621", "menu"],
    ] as const) {
      const call = await (await citizen(t, sys, from)).dial(number);
      t.match(await firstSaid(sys, from), new RegExp(`^greeting ${prompt}`));
      const ended = (await sys.facts("call.ended", 0)).length;
      await leave(t, sys, call);
      await sys.facts("call.ended", ended + 1);
    }
    t.equal((await sys.facts("call.surge", 0)).length, 0);
  });

  await t.test("a surge: told so, and thanked in the end", async (t) => {
    const call = await (await citizen(t, sys, "0701740614")).dial(menuNumber);
    await said.next("many-waiting");
    t.strictSame((await sys.facts("call.said")).findLast(isAside)?.prompts, ["greeting", "many-waiting", "waiting-choices"]);
    t.match(await sys.facts("call.surge"), [{ calls: letIn }]);
    await said.next("no-key");
    await said.next("goodbye");
    await letGo(t, call);
  });

  await t.test("a surge: rung back, by the group of the number and by the last resort", async (t) => {
    for (const [number, from, group] of [
      [menuNumber, "0701740615", "a"],
      [fullNumber, "0701740616", "c"],
    ] as const) {
      const before = (await sys.facts("callback.booked")).length;
      const call = await (await citizen(t, sys, from)).dial(number);
      await said.next("many-waiting");
      await call.media.press("1");
      await said.next("callback-confirm");
      await call.media.press("1");
      t.match((await sys.facts("callback.booked", before + 1)).at(-1), { group, number: `+46${from.slice(1)}` });
      await letGo(t, call);
    }
  });

  await t.test("a surge: a message", async (t) => {
    const call = await (await citizen(t, sys, "0701740617")).dial(menuNumber);
    await said.next("many-waiting");
    await leaveMessage(said, call);
    t.match((await sys.facts("call.message", 2)).at(-1), { group: "a", from: "+46701740617" });
    await letGo(t, call);
  });

  t.equal((await sys.facts("call.surge")).length, 4);
  for (const call of crowd) await leave(t, sys, call);
  await sys.empty();
  const later = await (await citizen(t, sys, "0701740618")).dial(menuNumber);
  await later.media.hears(promptTones.menu);
  t.equal((await sys.facts("call.surge")).length, 4, "when they have gone it is as before, whatever callbacks there are");
  await leave(t, sys, later);
});

const isAside = ({ prompts }: { readonly prompts: readonly string[] }): boolean => prompts.includes("many-waiting");

/** What is said first to who rings from here, prompt by prompt. */
async function firstSaid(sys: TestSystem, from: string): Promise<string> {
  for (let seen = 0; ; ) {
    const said = await sys.facts("call.said", seen + 1);
    const arrived = (await sys.facts("call.arrived")).find((fact) => fact.from === `+46${from.slice(1)}`);
    const first = said.find(({ call }) => call === arrived?.call);
    if (first) return first.prompts.join(" ");
    seen = said.length;
  }
}

async function leaveMessage(said: Said, call: Call): Promise<void> {
  await call.media.press("2");
  await said.next("voicemail-start");
  await speakAfterTone(call, 2_500, { from: call.media.heard.all.length });
  await call.media.press("#");
  await said.next("voicemail-confirm");
  await keyIn(call, "1");
  // Number and code of the matter take their time; who has heard enough presses on.
  await said.next("matter-told-again");
  await keyIn(call, "2");
}

/** Answered at once, and let go by the city with a word of thanks. */
async function letGo(t: Test, call: Call): Promise<void> {
  t.equal((await call.ended()).by, "peer");
  answered(t, call);
}

async function leave(t: Test, sys: TestSystem, call: Call, abandoned?: number): Promise<void> {
  call.hangUp();
  await call.ended();
  if (abandoned !== undefined) await sys.facts("call.abandoned", abandoned);
  answered(t, call);
}

function answered(t: Test, call: Call): void {
  const statuses = call.received.all.flatMap((message) => (isRequest(message) ? [] : [message.status]));
  t.ok(statuses.includes(200) && statuses.every((status) => status < 300), `answered, never busy: ${statuses}`);
  t.ok(longestGap(call) <= 1_500, `no silence: at most ${longestGap(call)} ms`);
}

/** The calls' plan, with a group that is full when one waits, and little room. */
async function withOffers(t: Test): Promise<string> {
  const folder = await tonePlan(t);
  const file = join(folder, "plan.yaml");
  const entry = (national: string, start: string) =>
    `  - { number: "+46${national.slice(1)}", name: { sv: N, en: N }, greeting: greeting, start: ${start} }\n`;
  const numbers = [
    entry(fullNumber, "{ group: c }"),
    entry(alwaysIn.direct, "{ group: a }, admission: false"),
    entry(alwaysIn.menu, "{ menu: calm }"),
    entry(alwaysIn.urgent, "{ group: b, priority: urgent }"),
  ].join("");
  const group = "  c: { name: { sv: C, en: C }, board: N, full: { waiting: 1, next: { menu: full } } }\n";
  const text = (await readFile(file, "utf8"))
    .replace("\nmenus:\n", () => `${numbers}\n${steps}`)
    .replace("\nprompts:\n", () => `${group}\nprompts:\n`);
  await writeFile(file, text);
  // Long texts by the voice; a tone is over sooner.
  for (const [prompt, hertz] of [["many-waiting", 1_200] as const, ["waiting-choices", 1_400] as const])
    await writeFile(join(folder, "recordings", "sv", `${prompt}.wav`), toneWav(hertz, 500));
  return folder;
}
