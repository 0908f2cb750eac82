import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { announcementPrompt } from "../../src/core/announcements/announcement.ts";
import { uploadFile, uploadFolder } from "../../src/engine/announcer.ts";
import type { AnnouncementCommand } from "../../src/engine/link-protocol.ts";
import { takePorts } from "../support/ports.ts";
import { startSipp } from "../support/sip/sipp.ts";
import { type TestSystem, testSystem } from "../support/system.ts";
import { citizen, directNumber, englishHigher, menuNumber, promptTones, tonePlan, toneWav } from "./people.ts";

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);

/** What the announcements sound like, Hz: nothing else on the line does. */
const crisis = { sv: 1_500, en: 2_000 };

/** Sets an announcement whose sound is a tone, in each language. */
async function announce(sys: TestSystem, tones: Readonly<Record<string, number>>, more: Partial<Announce> = {}): Promise<void> {
  const recordings: Record<string, string> = {};
  await mkdir(uploadFolder(sys.stateDir), { recursive: true });
  for (const [language, hertz] of Object.entries(tones)) {
    const name = randomUUID();
    await writeFile(uploadFile(sys.stateDir, name), toneWav(hertz, 700));
    recordings[language] = name;
  }
  const command = { type: "announce", by: "eva", where: "all", texts: {}, minutes: 60, alsoWaiting: false } as const;
  await sys.link.send({ ...command, recordings, ...more }, 60_000);
}
type Announce = Extract<AnnouncementCommand, { type: "announce" }>;

const set = async (sys: TestSystem, n: number) => (await sys.facts("announcement.set", n)).at(-1)?.announcement ?? "";

t.test("an announcement on a real line", async (t) => {
  const sys = await testSystem(t, { agents: {}, planDir: await tonePlan(t) });
  const caller = await citizen(t, sys);

  await t.test("heard right after the name, before the menu, in the call's language; a key goes through it", async (t) => {
    await announce(sys, crisis);
    const call = await caller.dial(menuNumber);
    await call.media.hears(promptTones.greeting);
    const from = call.media.heard.all.length;
    await call.media.hears(crisis.sv, from);
    await call.media.hears(promptTones.menu, from);
    call.hangUp();
    await call.ended();

    // Somebody else: the language is remembered for the next call.
    const hurried = await (await citizen(t, sys, "0701740606")).dial(menuNumber);
    await hurried.media.hears(crisis.sv);
    await hurried.media.press("9");
    await hurried.media.hears(promptTones.menu + englishHigher);
    await hurried.media.press("2");
    await hurried.media.hears(promptTones["place-first"] + englishHigher);
    hurried.hangUp();
    await hurried.ended();
    const [said] = await sys.facts("call.said");
    t.strictSame(said?.prompts, ["greeting", announcementPrompt(await set(sys, 1)), "menu"]);
    await sys.link.send({ type: "clear-announcement", by: "eva", announcement: await set(sys, 1) });
  });

  await t.test("those who wait hear it, and music again; who rings without a menu hears it too", async () => {
    const waits = await caller.dial(directNumber);
    await sys.facts("call.queued", 2);
    await waits.media.hears(promptTones["place-first"]);
    const from = waits.media.heard.all.length;
    await announce(sys, { sv: crisis.sv }, { alsoWaiting: true });
    await waits.media.hears(crisis.sv, from);
    await waits.media.hearsSomething(waits.media.heard.all.length + 50);
    const rings = await caller.dial(directNumber);
    await rings.media.hears(promptTones.greeting);
    await rings.media.hears(crisis.sv, rings.media.heard.all.length);
    for (const call of [waits, rings]) {
      call.hangUp();
      await call.ended();
    }
    await sys.link.send({ type: "clear-announcement", by: "eva", announcement: await set(sys, 2) });
  });

  await t.test("typed: spoken by the voice in the languages given; what has no voice or no sound is refused whole", async (t) => {
    const texts = { sv: "Vattnet är otjänligt.", en: "The water is not safe." };
    await sys.link.send(
      { type: "announce", by: "eva", where: "all", texts, recordings: {}, minutes: 60, alsoWaiting: false },
      60_000,
    );
    const call = await caller.dial(menuNumber);
    await call.media.hears(promptTones.greeting);
    await call.media.hears(promptTones.menu);
    call.hangUp();
    await call.ended();
    const id = await set(sys, 3);
    t.ok((await sys.facts("call.said")).at(-1)?.prompts.includes(announcementPrompt(id)));
    const before = (await sys.facts("announcement.set")).length;
    const name = randomUUID();
    await writeFile(uploadFile(sys.stateDir, name), "this is no sound");
    const send = (more: object) =>
      sys.link.send({
        type: "announce",
        by: "eva",
        where: "all",
        texts,
        recordings: {},
        minutes: 60,
        alsoWaiting: false,
        ...more,
      });
    await t.rejects(send({ recordings: { en: name } }), { code: "PROMPT_FAILED" });
    await t.rejects(send({ texts: { en: "Only English." } }), { code: "REQUEST_INVALID" });
    await t.rejects(send({ texts: { ...texts, fi: "Suomeksi." } }), { code: "REQUEST_INVALID" });
    await t.rejects(send({ where: { groups: ["nobody"] } }), { code: "REQUEST_INVALID" });
    t.equal((await sys.facts("announcement.set")).length, before);
  });

  await t.test("heard after a restart of the engine", async (t) => {
    const pid = sys.system.engine.pid ?? 0;
    process.kill(pid, "SIGKILL");
    await sys.facts("engine.recovered", 2);
    const call = await caller.dial(menuNumber);
    await call.media.hears(promptTones.greeting);
    await call.media.hears(promptTones.menu);
    call.hangUp();
    await call.ended();
    const id = await set(sys, 3);
    t.strictSame((await sys.facts("call.said")).at(-1)?.prompts, ["greeting", announcementPrompt(id), "menu"]);
    await sys.link.send({ type: "clear-announcement", by: "eva", announcement: id });
  });
});

t.test(
  "60 calls in 8 s, the button pressed while they arrive: all answered, none lost, all who come after it hear it",
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "kl-crisis-"));
    t.teardown(() => rm(folder, { recursive: true }));
    const ports = await takePorts();
    t.teardown(ports.release);
    const sys = await testSystem(t, { agents: {}, planDir: await tonePlan(t), env: { RTP_TIMEOUT_S: "0" } });
    const calls = 60;
    const callers = await startSipp({
      scenario: "caller-hangs-up",
      local: { address: "127.0.0.2", port: ports.spare[0] ?? 0 },
      mediaPort: ports.spare[2] ?? 0,
      remote: sys.server,
      folder,
      calls,
      rate: 8,
      // One after another by their own times, not all at once.
      dials: Array.from({ length: calls }, (_, n) => ({
        number: menuNumber,
        from: `07017406${String(n).padStart(2, "0")}`,
        ms: [0, 4_000],
      })),
      limitMs: 120_000,
    });
    t.teardown(() => callers.stop());
    await sys.facts("call.arrived", calls / 3);
    await announce(sys, { sv: crisis.sv });
    const button = (await sys.facts("announcement.set"))[0];
    const result = await callers.done;
    t.match(result, { successful: calls, failed: 0 }, result.complaints);
    const arrived = await sys.facts("call.arrived", calls);
    const prompt = announcementPrompt(button?.announcement ?? "");
    const heard = new Set(
      (await sys.facts("call.said")).filter(({ prompts }) => prompts.includes(prompt)).map(({ call }) => call),
    );
    const after = arrived.filter(({ at }) => at >= (button?.at ?? 0));
    t.ok(after.length > 0 && after.length < calls, `${after.length} came after it`);
    t.strictSame(
      after.filter(({ call }) => !heard.has(call)),
      [],
    );
  },
);
