import { mkdir, readFile, writeFile } from "node:fs/promises";
import { setPriority } from "node:os";
import { join } from "node:path";
import { announcementPrompt } from "../../src/core/announcements/announcement.ts";
import type { Fact } from "../../src/core/facts.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openAccounts } from "../../src/store/accounts.ts";
import { openSqliteReader } from "../../src/store/sqlite/reader.ts";
import { toneWav } from "../calls/people.ts";
import { signInAt, waterTexts } from "../support/publish.ts";
import { startCapture } from "../support/sip/capture.ts";
import { aboveIdle, idleReading, startMeter } from "./cpu.ts";
import { listened, refusals } from "./crisis-wire.ts";
import { print, say, spread } from "./figures.ts";
import type { Options } from "./options.ts";
import { menuNumber } from "./plan.ts";
import { openRig, type Rig } from "./rig.ts";
import { firstSounds } from "./sound-wire.ts";

/** What greeting and menu sound like, Hz: speech between the two is the announcement. */
const tones = { greeting: 500, menu: 600 };
/** What "from then on" is: whoever begins so long after the button must hear it. */
const graceMs = 5_000;
/** How long callers stay when nothing else is wanted, s: the name, the announcement, the menu. See `src/core/announcements/README.md`. */
const staySeconds = 30;
const lead = { user: "lead", password: "a password of the bench" };

/**
 * `crisis`: 500 calls within 60 s, and a text in nine languages published by the page's button while they arrive. Each stays for 30 s,
 * or as many as `--more` says. Who heard it is read from the log for all of them, and for every eighth from the sound on the wire, as
 * are refusals and the first sound.
 */
export async function crisis(options: Options): Promise<void> {
  const calls = options.calls ?? 500;
  const seconds = options.seconds ?? 60;
  const rate = options.rate ?? Math.ceil(calls / (seconds - 1));
  const arriveMs = (calls / rate) * 1000;
  const stayMs = (options.more ?? staySeconds) * 1000;
  const rig = await openRig({ agents: 1, groups: 1, withFront: true, changePlan: inTones });
  try {
    await rig.ready();
    const page = await signInAsLead(rig);
    const { callers, callersSoundPort, asteriskPid } = rig;
    const engine = rig.system.engine.pid ?? 0;
    const idle = await idleReading([asteriskPid, engine]);
    say(`crisis: ${calls} calls in ${Math.round(arriveMs / 1000)} s, the button while they arrive …`);
    // The sound of every eighth call, by the port it comes from; all of it would be gigabytes.
    const capture = await startCapture(
      `udp and (port ${callers.port} or (dst port ${callersSoundPort} and udp[0:2] & 0x0f = 0))`,
    );
    const meter = await startMeter([asteriskPid, engine]);
    const crowd = new Crowd(rig);
    const sipp = await rig.call({
      scenario: "caller-hangs-up",
      calls,
      rate,
      limit: calls,
      dials: [{ number: menuNumber, from: "0701740605", ms: [0, stayMs] }],
      limitMs: (arriveMs + stayMs) * 3,
    });
    // The telephone network is on other machines: here it must not be what is late.
    setPriority(sipp.pid, -15);
    await Promise.race([crowd.reaches(Math.floor(Math.min(calls, rate * (stayMs / 1000)) / 3)), sipp.done]);
    const button = Date.now();
    await page.publish(waterTexts);
    const publishedMs = Date.now() - button;
    const result = await sipp.done;
    const busy = await meter.stop();
    if (result.failed > 0) say(result.complaints);
    const wire = await capture.stop();
    const { arrived, answered, begunAfter, heardByLog, setMs } = judge(await factsOf(rig), button);
    const sampled = listened(wire, callers, callersSoundPort, tones);
    const after = sampled.filter(({ at }) => at >= button + graceMs);
    const refused = refusals(wire);
    const [asteriskMs = 0, engineMs = 0] = aboveIdle(busy, idle);
    print({
      bench: "crisis",
      system: "kontaktlots",
      calls_count: calls,
      within_s: arriveMs / 1000,
      at_once_count: crowd.most,
      successful_count: result.successful,
      failed_count: result.failed,
      refused_count: [...refused.values()].reduce((sum, count) => sum + count, 0),
      refused_with: [...refused].map(([status, count]) => `${status}: ${count}`).join(", "),
      arrived_count: arrived,
      answered_count: answered,
      ...spread("first_sound_", firstSounds(wire, callers, callersSoundPort)),
      languages_count: Object.keys(waterTexts).length,
      button_to_page_told_ms: publishedMs,
      button_to_set_ms: setMs,
      button_to_speech_heard_ms: Math.min(...sampled.flatMap(({ heardAt }) => heardAt ?? [])) - button,
      begun_5_s_after_count: begunAfter,
      heard_percent: (100 * heardByLog) / begunAfter,
      sampled_count: after.length,
      sampled_heard_percent: (100 * after.filter(({ heardAt }) => heardAt !== undefined).length) / after.length,
      asterisk_cpu_percent: (100 * asteriskMs) / busy.wallMs,
      engine_cpu_percent: (100 * engineMs) / busy.wallMs,
      cpu_pressure_percent: busy.pressurePercent,
      // It stood still for more than a second, and another took its place: the machine was busy with other things.
      engine_restarted: rig.system.engine.pid !== engine,
    });
  } catch (error) {
    say(await readFile(join(rig.dir, "state", stateFiles.lines), "utf8"));
    throw error;
  } finally {
    await rig.close();
  }
}

/** Greeting and menu as tones, and the languages in which the text will be spoken. */
async function inTones(folder: string): Promise<void> {
  const file = join(folder, "plan.yaml");
  const plan = await readFile(file, "utf8");
  await writeFile(file, plan.replace("languages: [sv]", `languages: [${Object.keys(waterTexts).join(", ")}]`));
  const recordings = join(folder, "recordings", "sv");
  await mkdir(recordings, { recursive: true });
  for (const [prompt, hertz] of Object.entries(tones)) await writeFile(join(recordings, `${prompt}.wav`), toneWav(hertz, 500));
}

async function signInAsLead({ dir, origin }: Rig) {
  const accounts = await openAccounts({ file: join(dir, "state", stateFiles.accounts) });
  await accounts.createUser({ ...lead, name: "Lead", roles: ["lead"] });
  await accounts.close();
  return await signInAt(origin, lead.user, lead.password);
}

/** How many callers there are, by the board. */
class Crowd {
  most = 0;
  #waits: { readonly calls: number; readonly there: () => void } | undefined;

  constructor({ link }: Rig) {
    link.on("message", (message) => {
      if (message.type !== "board") return;
      const { inMenu, waiting } = message.board;
      this.most = Math.max(this.most, inMenu + waiting);
      if (this.#waits && this.most >= this.#waits.calls) this.#waits.there();
    });
  }

  /** Resolves when so many were there at once. */
  reaches(calls: number): Promise<void> {
    return new Promise((there) => {
      this.#waits = { calls, there };
    });
  }
}

async function factsOf(rig: Rig): Promise<Fact[]> {
  const reader = openSqliteReader({ file: join(rig.dir, "state", stateFiles.log) });
  const facts: Fact[] = [];
  for await (const page of reader.read({ sort: "fact" })) for (const { json } of page) facts.push(JSON.parse(json) as Fact);
  await reader.close();
  return facts;
}

/** By the log. `button`: when it was pressed, ms since the epoch. */
function judge(facts: readonly Fact[], button: number) {
  const set = facts.find((fact) => fact.type === "announcement.set");
  const prompt = announcementPrompt(set?.announcement ?? "");
  const arrived = facts.filter((fact) => fact.type === "call.arrived");
  const said = facts.filter((fact) => fact.type === "call.said");
  const heard = new Set(said.filter(({ prompts }) => prompts.includes(prompt)).map(({ call }) => call));
  const after = arrived.filter(({ at }) => at >= button + graceMs);
  return {
    arrived: arrived.length,
    answered: new Set(said.map(({ call }) => call)).size,
    begunAfter: after.length,
    heardByLog: after.filter(({ call }) => heard.has(call)).length,
    setMs: (set?.at ?? Number.NaN) - button,
  };
}
