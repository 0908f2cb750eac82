import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { pino } from "pino";
import { SMTPServer } from "smtp-server";
import t, { type Test } from "tap";
import type { Fact } from "../../src/core/facts.ts";
import { followMatters } from "../../src/matters/follow.ts";
import { sendLetters } from "../../src/matters/letters.ts";
import { openSmtp } from "../../src/matters/smtp.ts";
import { keepSounds, type RecordingSource, soundFile } from "../../src/matters/sounds.ts";
import { tendMatters } from "../../src/matters/tend.ts";
import { readWav } from "../../src/matters/wav.ts";
import { openMemoryLog } from "../../src/store/memory.ts";
import { openMatters } from "../../src/store/sqlite/matters.ts";
import { wavOf } from "../support/matters.ts";

const silent = pino({ level: "silent" });
const timezone = "Europe/Stockholm";
const at = Date.UTC(2026, 11, 31, 23, 30); // already 2027 in Stockholm

async function room(t: Test) {
  const folder = await mkdtemp(join(tmpdir(), "matters-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const store = await openMatters({ file: join(folder, "matters.sqlite") });
  t.teardown(() => store.close());
  const { log, reader } = openMemoryLog();
  let seq = 0;
  const tell = (fact: Fact): void => {
    const entry = { at: fact.at, sort: "fact", type: fact.type, call: "call" in fact ? fact.call : null } as const;
    log.append([{ ...entry, seq: ++seq, json: JSON.stringify(fact) }]);
    log.flush();
  };
  const message = (call: string, more: { officer?: string } = {}): void =>
    tell({ at, type: "call.message", call, recording: 2, ms: 4_000, group: "bygglov", from: null, ...more });
  const mailTo = async ({ officer }: { officer?: string }) => (officer === undefined ? undefined : `${officer}@example.org`);
  return { folder, store, reader, tell, message, follow: { reader, store, timezone, mailTo } };
}

/** Asterisk's spool, pretended. */
class Spool implements RecordingSource {
  readonly files = new Map<string, Uint8Array>();
  away = false;

  async fetch(call: string, recording: number): Promise<Uint8Array | undefined> {
    if (this.away) throw new Error("away");
    return this.files.get(`${call}-r${recording}`);
  }

  async remove(call: string, recording: number): Promise<void> {
    if (this.away) throw new Error("away");
    this.files.delete(`${call}-r${recording}`);
  }
}

t.test("each message of the log becomes one matter, once, whoever looks and however often", async (t) => {
  const { store, message, tell, follow } = await room(t);
  const made = async () => [...(await store.list({ most: 9 }))].reverse();
  message("a", { officer: "anna" });
  tell({ at, type: "call.menu", call: "a", node: "x", language: "sv" });
  message("b");
  await followMatters(follow);
  t.match(await made(), [
    { number: "2027-000001", call: "a", officer: "anna", recording: { n: 2, ms: 4_000 }, createdAt: at },
    { number: "2027-000002", call: "b", from: null },
  ]);
  await followMatters(follow);
  t.equal((await made()).length, 2);
  tell({ at, type: "callback.failed", call: "k", group: "bygglov", number: "+46701740605" } as unknown as Fact);
  await followMatters(follow);
  t.match((await made()).at(-1), { kind: "callback-failed", from: "+46701740605", call: "k" });
  message("c");
  await Promise.all([followMatters(follow), followMatters(follow)]);
  t.equal((await made()).length, 4);
  t.match(await store.letters.due(at, 10), [{ key: "2027-000001", to: "anna@example.org" }]);
});

t.test("recordings come home, and a crash anywhere between loses none", async (t) => {
  const { folder, store, message, follow } = await room(t);
  const [spool, home] = [new Spool(), join(folder, "recordings")];
  const deps = { store, source: spool, folder: home, log: silent, now: () => at };
  message("a");
  await followMatters(follow);
  await keepSounds(deps);
  t.match(await store.find("2027-000001"), { sound: "awaited" }, "Asterisk may still be writing");
  const sound = wavOf(2_500);
  spool.files.set("a-r2", sound);
  spool.away = true;
  await t.rejects(keepSounds(deps));
  spool.away = false;
  await keepSounds(deps);
  t.match(await store.find("2027-000001"), { sound: "kept", recording: { ms: 2_500 } });
  t.same(await readFile(soundFile(home, "2027-000001")), Buffer.from(sound));
  t.equal(spool.files.size, 0, "and Asterisk's own is gone");

  message("b");
  await followMatters(follow);
  await writeFile(soundFile(home, "2027-000002"), sound);
  await keepSounds(deps);
  t.match(await store.find("2027-000002"), { sound: "kept" }, "killed after Asterisk's own went: the file here is found");

  message("c");
  await followMatters(follow);
  await writeFile(`${soundFile(home, "2027-000003")}.new`, "half");
  spool.files.set("c-r2", sound);
  await keepSounds(deps);
  t.same(await readFile(soundFile(home, "2027-000003")), Buffer.from(sound), "killed while it was written");
});

t.test("a recording that is no sound, silent, or not there: told with a code, and the matter stands without", async (t) => {
  const { folder, store, message, follow } = await room(t);
  const lines: string[] = [];
  const log = pino({ level: "error" }, { write: (line: string) => void lines.push(line) });
  const spool = new Spool();
  const now = { at };
  for (const call of ["text", "silent", "short", "gone"]) message(call);
  spool.files.set("text-r2", Buffer.from("this is no sound"));
  spool.files.set("silent-r2", wavOf(3_000, 0));
  spool.files.set("short-r2", wavOf(100));
  await followMatters(follow);
  const deps = { store, source: spool, folder: join(folder, "recordings"), log, now: () => now.at };
  await keepSounds(deps);
  t.match(await store.awaitedSounds(), [{ call: "gone" }]);
  now.at += 60_000;
  await keepSounds(deps);
  t.strictSame(
    (await store.list({ most: 9 })).map(({ sound }) => sound),
    ["none", "none", "none", "none"],
  );
  t.equal(lines.length, 4);
  for (const line of lines) t.match(JSON.parse(line), { code: "RECORDING_BROKEN" });
  t.equal(spool.files.size, 0);
  await t.rejects(access(soundFile(deps.folder, "2027-000001")));
});

t.test("any bytes are a sound or none; a head that was never finished is not believed", async (t) => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readWav(bytes) === undefined));
  const whole = wavOf(1_000);
  fc.assert(
    fc.property(fc.nat(whole.byteLength), fc.nat(whole.byteLength), fc.nat(255), (end, place, value) => {
      const cut = Uint8Array.from(whole.subarray(0, end));
      if (place < end) cut[place] = value;
      const sound = readWav(cut);
      if (sound && !(sound.ms >= 0 && sound.peak >= 0 && sound.peak <= 1)) throw new Error(JSON.stringify(sound));
    }),
  );
  const unfinished = Buffer.from(whole);
  unfinished.writeUInt32LE(0, 40);
  t.equal(readWav(unfinished)?.ms, 1_000);
});

/** A mail server that keeps what it takes. */
async function mailServer(t: Test, port = 0): Promise<{ url: string; port: number; letters: string[]; close(): Promise<void> }> {
  const letters: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join();
        if (to.startsWith("refused")) return done(new Error("no such user"));
        letters.push(`To ${to}\n${Buffer.concat(parts).toString()}`);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", () => resolve()));
  const address = server.server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  t.teardown(close);
  return { url: `smtp://127.0.0.1:${address.port}`, port: address.port, letters, close };
}

t.test("owners are written to; a mail server that is down, or refuses one, loses nothing", async (t) => {
  const { store, message, follow } = await room(t);
  const first = await mailServer(t);
  const post = openSmtp({ server: first.url, from: "kontakt@example.org" });
  t.teardown(() => post.close());
  const now = { at };
  const deps = { store, post, timezone, pagesUrl: "https://pages.example.org", log: silent, now: () => now.at };
  message("a", { officer: "anna" });
  message("b", { officer: "refused" });
  message("c", { officer: "bo" });
  await followMatters(follow);
  await sendLetters(deps);
  t.equal(first.letters.length, 2, "one that is refused holds up nobody");
  const [letter = ""] = first.letters;
  t.match(letter, /^To anna@example\.org/);
  t.match(letter, /Message-ID: <matter-2027-000001@example\.org>/i);
  t.match(letter.replaceAll("=\r\n", ""), /2027-01-01 00:30/);
  t.match(letter.replaceAll("=\r\n", "").replaceAll("=3D", "="), /https:\/\/pages\.example\.org\/matters\?matter=2027-000001/);
  await first.close();

  message("d", { officer: "anna" });
  await followMatters(follow);
  await sendLetters(deps);
  t.match(await store.letters.due(at + 3_600_000, 9), [{ failures: 1 }, { failures: 1 }]);
  const again = await mailServer(t, first.port);
  await sendLetters(deps);
  t.equal(again.letters.length, 0, "not before its time");
  now.at += 60_000;
  await sendLetters(deps);
  t.equal(again.letters.length, 1);
  t.match(await store.letters.due(at + 3_600_000, 9), [{ to: "refused@example.org", failures: 2 }]);
});

t.test("all of it together, over and over, until it is closed", async (t) => {
  const { folder, store, message, follow } = await room(t);
  const spool = new Spool();
  spool.away = true;
  const home = join(folder, "recordings");
  const deps = { ...follow, source: spool, folder: home, log: silent, now: () => at, letters: undefined, pauses: [2] };
  const tending = tendMatters(deps);
  message("a");
  while ((await store.list({ most: 1 })).length === 0) await new Promise(setImmediate);
  spool.files.set("a-r2", wavOf(2_000));
  spool.away = false;
  while ((await store.find("2027-000001"))?.sound !== "kept") await new Promise(setImmediate);
  await tending.close();
  message("b");
  t.equal((await store.list({ most: 9 })).length, 1);
});
