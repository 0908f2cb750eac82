import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { recordingId } from "../../../src/core/call/ids.ts";
import type { LiveChannel } from "../../../src/core/events.ts";
import { openAriGateway } from "../../../src/telephony/ari/gateway.ts";
import { recordTone } from "../../../src/telephony/asterisk/sounds.ts";
import type { TelephonyEffect, Unstamped } from "../../../src/telephony/telephony.ts";
import { type TestAsterisk, testAsterisk } from "../../support/asterisk.ts";
import { takePorts } from "../../support/ports.ts";
import type { Call, DialOptions } from "../../support/sip/call.ts";
import { Journal } from "../../support/sip/journal.ts";
import { header } from "../../support/sip/message.ts";
import { Phone } from "../../support/sip/phone.ts";
import { loudness, measureTone } from "../../support/sip/tones.ts";

/** What the gateway is asked for, on a real Asterisk, heard and seen from the telephone network. */

t.setTimeout(120_000);
const network = "127.0.0.2";
const city = "+46846500400";
const bedDb = -43;

interface Line {
  readonly asterisk: TestAsterisk;
  readonly events: Journal<Unstamped>;
  readonly citizen: Phone;
  /** Where calls to the telephone network arrive. */
  readonly outside: Phone;
  perform(effect: TelephonyEffect): void;
  readBack(): Promise<LiveChannel[]>;
  /** A call from the citizen, answered: its id and its phone's side. */
  arrive(number?: string, options?: DialOptions): Promise<{ id: string; call: Call; arrival: Unstamped }>;
  event<T extends Unstamped["type"]>(type: T, from?: number): Promise<Extract<Unstamped, { type: T }>>;
}

async function line(t: Test): Promise<Line> {
  const ports = await takePorts();
  t.teardown(() => ports.release());
  const outsidePort = ports.spare[0] ?? 0;
  const asterisk = await testAsterisk(t, { trunk: { addresses: [network], contact: `sip:${network}:${outsidePort}` } });
  const events = new Journal<Unstamped>("events", ({ type }) => type);
  const up = Promise.withResolvers<void>();
  const gateway = openAriGateway(
    {
      address: asterisk.instance.ari,
      app: "kontaktlots",
      media: (prompt) => prompt,
      musicClass: "kontaktlots",
      bedClass: "kontaktlots-bed",
      recordTone,
      isEntry: (number) => number.endsWith("846500400") || number.endsWith("8508001"),
    },
    {
      event: (event) => events.add(event),
      up: () => up.resolve(),
      down: () => {},
      replaced: () => {},
      problem: (error) => t.comment(error.line),
    },
  );
  await up.promise;
  gateway.beat(Date.now());
  const beat = setInterval(() => gateway.beat(Date.now()), 250);
  const open = (user: string, port?: number) =>
    Phone.open({ user, address: network, server: asterisk.server, ...(port === undefined ? {} : { port }) });
  const [citizen, outside] = [await open("0701740605"), await open("0701111111", outsidePort)];
  t.teardown(async () => {
    await Promise.all([citizen.close(), outside.close()]);
    await asterisk.empty();
    clearInterval(beat);
    await gateway.close();
  });
  const event = <T extends Unstamped["type"]>(type: T, from = 0) =>
    events.when(type, (one) => one.type === type, from) as Promise<Extract<Unstamped, { type: T }>>;
  const perform = (effect: TelephonyEffect): void => gateway.perform(effect);
  return {
    ...{ asterisk, events, citizen, outside, perform, event },
    readBack: () => gateway.readBack(),
    arrive: async (number = city, options = {}) => {
      const from = events.all.length;
      const call = await citizen.dial(number, options);
      const arrival = await event("call.arrived", from);
      perform({ do: "answer", call: arrival.call });
      await call.gets("200 INVITE");
      return { id: arrival.call, call, arrival };
    },
  };
}

const db = (sound: ArrayLike<number>): number => 20 * Math.log10(Math.max(1, loudness(sound)) / 32_768);
const now = (call: Call): number => call.media.heard.all.length;
const seconds = async (call: Call, s: number): Promise<void> => {
  const from = now(call);
  await call.media.heard.when(`${s} s of sound`, () => now(call) >= from + s * 50);
};
/** All that was heard from a packet on, in one piece. */
const soundFrom = (call: Call, from: number): Int16Array =>
  Int16Array.from(call.media.heard.all.slice(from).flatMap(({ sound }) => [...sound]));
/** The longest time without a packet, or in packets softer than -50 dBFS, ms. */
function longestGap(call: Call, from: number): number {
  let longest = 0;
  let last: number | undefined;
  for (const { at, sound } of call.media.heard.all.slice(from)) {
    if (last !== undefined) longest = Math.max(longest, at - last);
    if (db(sound) > -50) last = at;
    last ??= at;
  }
  return longest;
}

t.test("bed, music and bed again: each replaces the other, and neither leaves a hole", async (t) => {
  const { arrive, perform, event } = await line(t);
  const { id, call } = await arrive();
  perform({ do: "music", call: id, on: true, bed: true });
  await call.media.heard.when("the bed", () => now(call) > 10);
  const start = now(call);
  await seconds(call, 2);
  const bed = soundFrom(call, start);
  t.ok(Math.abs(db(bed) - bedDb) < 3, `the bed is at ${db(bed).toFixed(1)} dBFS`);
  perform({ do: "music", call: id, on: true });
  await call.media.hearsSomething(now(call));
  let from = now(call);
  await seconds(call, 1);
  t.ok(db(soundFrom(call, from)) > -30, "music over the bed is music");
  perform({ do: "music", call: id, on: true, bed: true });
  await call.media.heard.when("soft again", ({ sound }) => db(sound) < -36 && db(sound) > -50, now(call));
  from = now(call);
  await seconds(call, 1);
  t.ok(Math.abs(db(soundFrom(call, from)) - bedDb) < 3, "and back");
  t.ok(longestGap(call, start) < 500, `longest hole: ${longestGap(call, start)} ms`);
  perform({ do: "music", call: id, on: false });
  call.hangUp();
  await event("caller.gone");
});

t.test("keys that come in a heap, as from a busy network, are told once each", async (t) => {
  const { arrive, perform, event, events } = await line(t);
  const { id, call } = await arrive();
  perform({ do: "music", call: id, on: true });
  await call.media.hearsSomething();
  for (const keys of ["17", "28", "00", "539"]) {
    const from = events.all.length;
    const sent = [...keys].map((key) => call.media.press(key));
    stall(keys.length * 200);
    await Promise.all(sent);
    // Whatever was kept back has been told by then.
    await seconds(call, 0.5);
    await call.media.press("#");
    await events.when("#", (one) => one.type === "key" && one.key === "#", from);
    const told = events.all.slice(from).flatMap((one) => (one.type === "key" ? [one.key] : []));
    t.equal(told.join(""), `${keys}#`);
  }
  call.hangUp();
  await event("caller.gone");
});

/** Keeps this process, and all that its telephones would send meanwhile, for so long, ms. */
function stall(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

t.test("recording", async (t) => {
  const { arrive, perform, event, events, asterisk } = await line(t);
  const file = async (id: string, n: number): Promise<Int16Array> => {
    const wav = await readFile(join(asterisk.instance.dir, "spool", "recording", `${recordingId(id, n)}.wav`));
    return new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length - (wav.length % 2)));
  };

  await t.test("a tone, then what the caller says, until #; the bed meanwhile", async (t) => {
    const { id, call } = await arrive();
    perform({ do: "record", call: id, recording: 1, maxMs: 60_000 });
    await call.media.hears(800);
    const from = now(call);
    call.media.play(440);
    await seconds(call, 3);
    t.ok(longestGap(call, from) < 1500, `longest hole while recording: ${longestGap(call, from)} ms`);
    t.ok(Math.abs(db(soundFrom(call, from + 50)) - bedDb) < 3, "what is heard is the bed");
    await call.media.press("#");
    const { ms, ...rest } = await event("recorded");
    t.match(rest, { call: id, recording: 1 });
    t.ok(ms >= 2000 && ms <= 4000, `${ms} ms`);
    t.ok(
      events.all.some(({ type }) => type === "key"),
      "the # is told as a key, too",
    );
    const said = await file(id, 1);
    t.ok(measureTone(said.subarray(8000, 16_000), 440).share > 0.8, "what was said, and no bed, is in the file");
    // Nothing goes on by itself.
    await asterisk.ari("GET", `/channels/${id}`);
    call.hangUp();
    await event("caller.gone");
  });

  await t.test("nothing said: over after some seconds, and of no length", async (t) => {
    const { id, call } = await arrive();
    const from = events.all.length;
    perform({ do: "record", call: id, recording: 1, maxMs: 60_000 });
    t.match(await event("recorded", from), { call: id, recording: 1, ms: 0 });
    call.hangUp();
    await event("caller.gone", from);
  });

  await t.test("the longest message, and one that is stopped", async (t) => {
    const { id, call } = await arrive();
    call.media.play(440);
    let from = events.all.length;
    perform({ do: "record", call: id, recording: 1, maxMs: 2_000 });
    const longest = await event("recorded", from);
    t.ok(longest.ms >= 2000 && longest.ms <= 4000, `${longest.ms} ms`);
    from = events.all.length;
    perform({ do: "record", call: id, recording: 2, maxMs: 60_000 });
    await call.media.hears(800, now(call));
    await seconds(call, 2);
    perform({ do: "stop-record", call: id, recording: 2 });
    // What is asked for next is heard at once, and the bed's end does not take it away.
    perform({ do: "music", call: id, on: true });
    t.match(await event("recorded", from), { call: id, recording: 2 });
    await seconds(call, 1);
    t.ok(db(soundFrom(call, now(call) - 25)) > -30, "music after a recording goes on");
    from = events.all.length;
    call.hangUp();
    await event("caller.gone", from);
  });

  await t.test("a caller who hangs up while speaking, and one who is gone before", async (t) => {
    const { id, call } = await arrive();
    call.media.play(440);
    const from = events.all.length;
    perform({ do: "record", call: id, recording: 1, maxMs: 60_000 });
    await call.media.hears(800);
    await seconds(call, 4);
    call.hangUp();
    const { ms } = await event("recorded", from);
    t.ok(ms >= 2000, `what was said is kept: ${ms} ms`);
    perform({ do: "record", call: "nobody", recording: 1, maxMs: 60_000 });
    t.match(await events.when("nobody's", (one) => one.type === "recorded" && one.call === "nobody"), { ms: 0 });
  });
});

t.test("dialling", async (t) => {
  const { arrive, perform, event, events, outside, readBack, asterisk } = await line(t);
  // Of this call: the end of the one before may be told late.
  const gone = (call: string) => events.when(`the end of ${call}`, (one) => one.type === "caller.gone" && one.call === call);

  await t.test("a number outside: early sound is no answer, an answer is; both hear each other", async (t) => {
    const { id, call } = await arrive();
    perform({ do: "dial", call: id, offer: 1, number: "+46701234567", shows: city, ringMs: 20_000 });
    const leg = await outside.nextCall();
    const invitation = leg.invitation;
    t.match(invitation?.uri, /^sip:\+46701234567@/);
    t.match(invitation && header(invitation, "From"), city.slice(1), "the city's number is shown");
    t.notMatch(JSON.stringify(invitation), "701740605", "and never the caller's");
    leg.progress();
    leg.media.play(700);
    const [ringing] = (await readBack()).filter((channel) => channel.id === `${id}-o1`);
    t.match(ringing, { up: false, agent: null, outside: "+46701234567" });
    t.notOk(
      events.all.some(({ type }) => type === "leg.answered"),
      "an announcement of the network's is no answer",
    );
    leg.pickUp();
    t.match(await event("leg.answered"), { call: id, offer: 1 });
    perform({ do: "bridge", call: id, offer: 1 });
    await event("bridged");
    call.media.play(440);
    leg.media.play(1000);
    await Promise.all([leg.media.hears(440), call.media.hears(1000)]);
    t.match((await readBack()).map(({ id: channel, up, outside: number }) => [channel.endsWith("-o1"), up, number]).sort(), [
      [false, true, undefined],
      [true, true, "+46701234567"],
    ]);
    t.notMatch(JSON.stringify(call.received.all), "701234567", "the caller is not told the number");
    leg.hangUp();
    t.match(await event("leg.ended"), { call: id, offer: 1, cause: "normal" });
    perform({ do: "free-bridge", call: id });
    perform({ do: "unbridge", call: id });
    perform({ do: "end-caller", call: id });
    await call.ended();
  });

  const causes: readonly [name: string, cause: string, answer: (leg: Call) => void][] = [
    ["busy", "busy", (leg) => leg.refuse(486)],
    ["refused", "declined", (leg) => leg.refuse(603)],
    ["no such number", "failed", (leg) => leg.refuse(404)],
    ["nobody answers", "no-answer", (leg) => leg.ring()],
  ];
  for (const [name, cause, answer] of causes) {
    await t.test(`a number outside: ${name}`, async (t) => {
      const { id, call } = await arrive();
      const from = events.all.length;
      perform({ do: "dial", call: id, offer: 3, number: "+46701234567", shows: city, ringMs: 1_000 });
      answer(await outside.nextCall());
      t.match(await event("leg.ended", from), { call: id, offer: 3, cause });
      call.hangUp();
      await event("caller.gone", from);
    });
  }

  await t.test("hung up by us while it rings: nothing of it is left, not even when the answer crosses", async (t) => {
    for (const crosses of [false, true]) {
      const id = `crossed-${crosses}`;
      perform({ do: "dial-caller", call: id, number: "+46707654321", shows: city, ringMs: 20_000 });
      const citizen = await outside.nextCall();
      citizen.answersAcrossCancel = crosses;
      citizen.ring();
      perform({ do: "end-caller", call: id });
      t.match(await citizen.ended(), { by: "peer" });
      await gone(id);
    }
  });

  await t.test("what was asked for by an engine that is gone, and rings under the same name, rings no longer", async (t) => {
    const { id, call } = await arrive();
    const asks: readonly [name: string, again: TelephonyEffect][] = [
      ["a citizen", { do: "dial-caller", call: "twice", number: "+46707654321", shows: city, ringMs: 600_000 }],
      ["a number outside", { do: "dial", call: id, offer: 7, number: "+46707654321", shows: city, ringMs: 600_000 }],
    ];
    for (const [name, again] of asks) {
      const from = events.all.length;
      perform(again);
      const rung = await outside.nextCall();
      rung.ring();
      perform(again);
      t.match(await rung.ended(), { by: "peer" }, name);
      await event(again.do === "dial" ? "leg.ended" : "caller.gone", from);
    }
    call.hangUp();
    await gone(id);
  });

  await t.test("a third one joins a talk, and may leave it", async (t) => {
    const { id, call } = await arrive();
    const legs: Call[] = [];
    for (const offer of [1, 2]) {
      const from = events.all.length;
      perform({ do: "dial", call: id, offer, number: `+4670123456${offer}`, shows: city, ringMs: 20_000 });
      const leg = await outside.nextCall();
      leg.pickUp();
      await event("leg.answered", from);
      perform({ do: "bridge", call: id, offer, ...(offer === 2 ? { joins: true } : {}) });
      await event("bridged", from);
      legs.push(leg);
    }
    const all: readonly [Call, number][] = [[call, 440], ...legs.map((leg, n): [Call, number] => [leg, 1000 + 700 * n])];
    for (const [speaker, hertz] of all) {
      speaker.media.play(hertz);
      await Promise.all(all.filter(([one]) => one !== speaker).map(([one]) => one.media.hears(hertz, now(one))));
      speaker.media.quiet();
    }
    let from = events.all.length;
    legs[1]?.hangUp();
    t.match(await event("leg.ended", from), { offer: 2 });
    call.media.play(440);
    const first = legs[0];
    if (first) await first.media.hears(440, now(first));
    from = events.all.length;
    first?.hangUp();
    await event("leg.ended", from);
    perform({ do: "unbridge", call: id });
    perform({ do: "end-caller", call: id });
    await call.ended();
  });

  await t.test("the citizen of a callback", async (t) => {
    const from = events.all.length;
    perform({ do: "dial-caller", call: "back-1", number: "+46707654321", shows: city, ringMs: 20_000 });
    const citizen = await outside.nextCall();
    t.match(citizen.invitation && header(citizen.invitation, "From"), city.slice(1));
    t.match(await readBack(), [{ id: "back-1", up: false, agent: null, outside: "+46707654321" }]);
    citizen.progress();
    citizen.pickUp();
    t.match(await event("caller.answered", from), { call: "back-1" });
    t.match(await readBack(), [{ id: "back-1", up: true, outside: "+46707654321" }]);
    // From now on it is a caller's half like any other.
    perform({ do: "music", call: "back-1", on: true });
    await citizen.media.hearsSomething();
    await citizen.media.press("5");
    t.match(await event("key", from), { call: "back-1", key: "5" });
    perform({ do: "end-caller", call: "back-1" });
    await citizen.ended();
    await gone("back-1");

    for (const [n, [name, cause, answer]] of causes.entries()) {
      const id = `back-${n + 2}`;
      perform({ do: "dial-caller", call: id, number: "+46707654321", shows: city, ringMs: 1_000 });
      answer(await outside.nextCall());
      t.match(await gone(id), { cause }, name);
    }
  });
  await asterisk.empty();
});

t.test("what is said to whoever has just left a bridge is told to have ended, each time", async (t) => {
  const { arrive, perform, event, events, outside, asterisk } = await line(t);
  const lines: { id: string; call: Call; leg: Call }[] = [];
  for (const n of [1, 2, 3, 4]) {
    const { id, call } = await arrive();
    const from = events.all.length;
    perform({ do: "dial", call: id, offer: 1, number: `+4670123456${n}`, shows: city, ringMs: 20_000 });
    const leg = await outside.nextCall();
    leg.pickUp();
    await event("leg.answered", from);
    lines.push({ id, call, leg });
  }
  const of = (type: Unstamped["type"], id: string, from: number) =>
    events.when(`${type} of ${id}`, (one) => one.type === type && "call" in one && one.call === id, from);
  for (let playback = 1; playback <= 100; playback++) {
    const from = events.all.length;
    for (const { id } of lines) perform({ do: "bridge", call: id, offer: 1 });
    await Promise.all(lines.map(({ id }) => of("bridged", id, from)));
    for (const { id } of lines) {
      perform({ do: "unbridge", call: id });
      // What cannot be played ends at once, and as surely.
      perform({ do: "play", call: id, playback, prompts: ["sound:none"], language: "sv" });
    }
    await Promise.all(lines.map(({ id }) => of("playback.ended", id, from)));
  }
  const from = events.all.length;
  for (const { call, leg } of lines) {
    call.hangUp();
    leg.hangUp();
  }
  await Promise.all(lines.map(({ id }) => of("caller.gone", id, from)));
  await asterisk.empty();
});

t.test("the number dialled", async (t) => {
  const { citizen, event, events } = await line(t);
  const other = "0812345678";
  const cases: readonly [name: string, dialled: string, options: DialOptions, also: readonly string[] | undefined][] = [
    ["the same everywhere", "0846500400", {}, undefined],
    ["an alias in the request, the city's number in To", "4711", { to: city }, [city]],
    ["in Diversion", "4711", { to: other, headers: [["Diversion", `<sip:${city}@127.0.0.2>;reason=unconditional`]] }, [city]],
    [
      "in History-Info",
      "4711",
      {
        headers: [
          ["History-Info", `<sip:${city}@127.0.0.2>;index=1`],
          ["History-Info", "<sip:4711@127.0.0.2;cause=302>;index=1.1"],
        ],
      },
      [city],
    ],
    [
      "two of the city's",
      "4711",
      { to: "08508001", headers: [["Diversion", `"A, b" <sip:${city}@x>;reason=unknown`]] },
      ["08508001", city],
    ],
    [
      "forwarded twice: the latest first",
      "4711",
      {
        to: other,
        headers: [
          ["Diversion", "<sip:08508001@10.0.0.1>;reason=no-answer"],
          ["Diversion", `<sip:${city}@x>;reason=unconditional`],
        ],
      },
      ["08508001", city],
    ],
    [
      "forwarded twice, by a number that is nobody's here: the one called at first",
      "4711",
      {
        to: other,
        headers: [
          ["Diversion", "<sip:+46701234567@10.0.0.1>;reason=no-answer"],
          ["Diversion", `"Växel" <tel:${city}>;reason=unconditional;counter=1`],
        ],
      },
      [city],
    ],
    [
      "two in one header",
      "4711",
      { to: other, headers: [["Diversion", `<sip:08508001@10.0.0.1>;reason="user-busy", <sip:${city}@x;user=phone>`]] },
      ["08508001", city],
    ],
    [
      "two in History-Info, which tells them in the order of time",
      "4711",
      {
        to: other,
        headers: [
          ["History-Info", `<sip:${city}@127.0.0.2>;index=1`],
          ["History-Info", "<sip:08508001@127.0.0.2;cause=302>;index=1.1"],
          ["History-Info", "<sip:4711@127.0.0.2;cause=302>;index=1.1.1"],
        ],
      },
      ["08508001", city],
    ],
    [
      "somebody's own telephone, forwarded: nobody's business",
      "0846500400",
      { headers: [["Diversion", "<sip:+46701234567@x>"]] },
      undefined,
    ],
    ["nonsense", "4711", { to: "%22%29x,1" }, undefined],
  ];
  for (const [name, dialled, options, also] of cases) {
    const from = events.all.length;
    const call = await citizen.dial(dialled, options);
    const arrived = await event("call.arrived", from);
    t.strictSame([arrived.dialled, arrived.alsoDialled], [dialled, also], name);
    call.hangUp();
    await event("caller.gone", from);
  }
});
