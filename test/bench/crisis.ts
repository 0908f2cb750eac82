import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { announcementPrompt } from "../../src/core/announcements/announcement.ts";
import type { Fact } from "../../src/core/facts.ts";
import { uploadFile, uploadFolder } from "../../src/engine/announcer.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openSqliteReader } from "../../src/store/sqlite/reader.ts";
import { toneWav } from "../calls/people.ts";
import { startCapture } from "../support/sip/capture.ts";
import { header, isRequest } from "../support/sip/message.ts";
import { type Datagram, sipOf } from "../support/sip/pcap.ts";
import { Phone } from "../support/sip/phone.ts";
import { idleReading } from "./dispatch.ts";
import { aboveIdle, print, say, spread, startMeter } from "./figures.ts";
import type { Options } from "./options.ts";
import { menuNumber } from "./plan.ts";
import { openRig, type Rig } from "./rig.ts";
import { firstSounds } from "./sound-wire.ts";

/** What the announcement sounds like, Hz: nothing else on the line does. */
const crisisHertz = 1_500;
const announcementMs = 4_000;
/** For measuring what streams cost: heard by all who wait, at once. */
const longMs = 20_000;
const meterMs = 10_000;
/** What "from then on" is: whoever begins so long after the button must hear it. */
const graceMs = 5_000;
/** Every so often one of the calls is made by a telephone that listens. */
const sampleEveryMs = 2_500;

/**
 * `crisis`: 500 calls within 60 s, all of them there at once in the end, and an announcement set while they arrive. Who heard it is
 * read from the log, and from the sound that a sample of callers got; refusals and the first sound from the wire. When all wait, each
 * is told something, and what those streams cost is measured.
 */
export async function crisis(options: Options): Promise<void> {
  const calls = options.calls ?? 500;
  const seconds = options.seconds ?? 60;
  const rate = options.rate ?? Math.ceil(calls / (seconds - 1));
  const arriveMs = (calls / rate) * 1000;
  const stayMs = arriveMs + longMs + 25_000;
  const rig = await openRig({ agents: 1, groups: 1 });
  try {
    await rig.ready();
    const engine = rig.system.engine.pid ?? 0;
    const idle = await idleReading([rig.asteriskPid, engine]);
    say(`crisis: ${calls} calls in ${Math.round(arriveMs / 1000)} s, the button after a third …`);
    // The sound of every eighth call, by the port it comes from; all of it would be gigabytes.
    const { callers, callersSoundPort } = rig;
    const capture = await startCapture(
      `udp and (port ${callers.port} or (dst port ${callersSoundPort} and udp[0:2] & 0x0f = 0))`,
    );
    const sipp = await rig.call({
      scenario: "caller-hangs-up",
      calls,
      rate,
      limit: calls,
      dials: [{ number: menuNumber, from: "0701740605", ms: [0, Math.round(stayMs)] }],
      limitMs: stayMs * 3,
    });
    const sampled = sample(rig, arriveMs);
    await delay(arriveMs / 3);
    const button = Date.now();
    await announce(rig, announcementMs, false);
    const buttonMs = Date.now() - button;
    const samples = await sampled;
    await delay(8_000); // greeting, announcement and menu of the last ones
    await announce(rig, longMs, true);
    await delay(2_000);
    const { channels } = await rig.left();
    // Another than at the start when its loop stood still: the machine was busy with other things.
    const pids = [rig.asteriskPid, rig.system.engine.pid ?? 0];
    const meter = await startMeter(pids);
    await delay(meterMs);
    const busy = await meter.stop();
    const result = await sipp.done;
    if (result.failed > 0) say(result.complaints);
    const wire = await capture.stop();
    const facts = await factsOf(rig);
    const { arrived, answeredByLog, late, heard, firstMs } = judge(facts, button);
    const [asteriskMs = 0, engineMs = 0] = aboveIdle(busy, idle);
    const heardSamples = samples.filter(({ at }) => at >= button + graceMs);
    print({
      bench: "crisis",
      system: "kontaktlots",
      calls_count: calls,
      within_s: arriveMs / 1000,
      at_once_count: channels,
      successful_count: result.successful,
      failed_count: result.failed,
      refused_count: refusals(wire),
      arrived_count: arrived,
      answered_count: answeredByLog,
      ...spread("first_sound_", firstSounds(wire, callers, callersSoundPort)),
      button_to_set_ms: buttonMs,
      button_to_first_heard_ms: firstMs,
      begun_5_s_after_count: late,
      heard_percent: (100 * heard) / late,
      sampled_count: heardSamples.length,
      sampled_heard_percent: (100 * heardSamples.filter((one) => one.heard).length) / heardSamples.length,
      asterisk_cpu_percent: (100 * asteriskMs) / busy.wallMs,
      asterisk_cpu_ms_per_stream_s: (1000 * asteriskMs) / busy.wallMs / channels,
      engine_cpu_percent: (100 * engineMs) / busy.wallMs,
      cpu_pressure_percent: busy.pressurePercent,
      engine_restarted: pids[1] !== engine,
    });
  } catch (error) {
    say(await readFile(join(rig.dir, "state", stateFiles.lines), "utf8"));
    throw error;
  } finally {
    await rig.close();
  }
}

async function announce(rig: Rig, ms: number, alsoWaiting: boolean): Promise<void> {
  const stateDir = join(rig.dir, "state");
  const name = randomUUID();
  await mkdir(uploadFolder(stateDir), { recursive: true });
  await writeFile(uploadFile(stateDir, name), toneWav(crisisHertz, ms));
  const command = { type: "announce", by: "bench", where: "all", texts: {}, recordings: { sv: name }, minutes: 60 } as const;
  await rig.link.send({ ...command, alsoWaiting }, 30_000);
}

/** Calls that listen, one after another, until all have arrived: when each began, and whether it heard the announcement. */
async function sample(rig: Rig, untilMs: number): Promise<{ readonly at: number; readonly heard: boolean }[]> {
  const server = { address: "127.0.0.1", port: rig.sipPort };
  const phone = await Phone.open({ user: "0701740699", server, address: "127.0.0.2" });
  const listening: Promise<{ readonly at: number; readonly heard: boolean }>[] = [];
  const one = async (): Promise<{ readonly at: number; readonly heard: boolean }> => {
    const at = Date.now();
    const call = await phone.dial(menuNumber);
    const heard = await Promise.race([
      call.media.hears(crisisHertz).then(
        () => true,
        () => false,
      ),
      delay(8_000).then(() => false),
    ]);
    call.hangUp();
    await call.ended();
    return { at, heard };
  };
  for (const until = performance.now() + untilMs; performance.now() < until; ) {
    listening.push(one());
    await delay(sampleEveryMs);
  }
  const samples = await Promise.all(listening);
  await phone.close();
  return samples;
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
  const prompt = announcementPrompt(set?.type === "announcement.set" ? set.announcement : "");
  const arrived = facts.filter((fact) => fact.type === "call.arrived");
  const said = facts.filter((fact) => fact.type === "call.said");
  const hearing = said.filter(({ prompts }) => prompts.includes(prompt));
  const heard = new Set(hearing.map(({ call }) => call));
  const late = arrived.filter(({ at }) => at >= button + graceMs);
  return {
    arrived: arrived.length,
    answeredByLog: new Set(said.map(({ call }) => call)).size,
    late: late.length,
    heard: late.filter(({ call }) => heard.has(call)).length,
    firstMs: (hearing[0]?.at ?? Number.NaN) - button,
  };
}

/** Final answers to INVITE that are no 200: busy, no room, anything. */
function refusals(wire: readonly Datagram[]): number {
  const calls = new Set<string>();
  for (const { message } of sipOf(wire)) {
    if (!isRequest(message) && message.status >= 300 && header(message, "CSeq").endsWith("INVITE"))
      calls.add(header(message, "Call-ID"));
  }
  return calls.size;
}
