import type { Fact, FactType } from "../../src/core/facts.ts";
import { livedMs } from "../support/sip/clock.ts";
import { Journal } from "../support/sip/journal.ts";
import { type Exempt, type Recorded, recorded, toneFrom } from "../support/sip/recorded.ts";
import type { ToldCall } from "../support/sip/told.ts";
import { familyOf, type Way } from "./way.ts";

/** One call along its way: waits for what is said, in the log and on the line, and does what the caller does. */

export interface Along {
  /** The facts of all calls. */
  readonly facts: Journal<Fact>;
  readonly call: ToldCall;
  /** The tone of each family of prompts; one without is spoken, and not listened for. */
  readonly tones: ReadonlyMap<string, number>;
  /** What stands for words in capitals among the keys. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Resolves when this recording of this call has begun. */
  recording(call: string, n: number): Promise<void>;
}

export interface Walked extends Recorded {
  readonly facts: readonly Fact[];
}

/** So much is spoken into a message (Asterisk counts whole seconds, and one is none): packets. */
const spokenPackets = 140;
/** What a person leaves between two keys: packets. */
const pausePackets = 5;
const voiceHertz = 440;

/** Goes the way up to where its end is awaited. `end` hangs up when the caller does, and tells of the whole call. */
export async function along(way: Way, { facts, call, tones, secrets, recording }: Along): Promise<{ end(): Promise<Walked> }> {
  const { media } = call;
  const answeredAt = await call.answered();
  const mine = await factsOf(facts, call);
  const id = mine.all[0] && "call" in mine.all[0] ? mine.all[0].call : "";
  const exempt: Exempt[] = [];
  let [said, heard, recordings, speaksSince] = [0, 0, 0, 0];

  /** The next thing said is this, and is heard. */
  const hears = async (line: string): Promise<void> => {
    const fact = await nth(mine, "call.said", ++said, `${way.name}: ${line}`);
    const families = fact.prompts.map(familyOf).filter((family, n, all) => family !== all[n - 1]);
    if (families.join(" ") !== line) throw new Error(`${way.name}: "${line}" was to be said, and it was "${families.join(" ")}"`);
    for (const hertz of families.flatMap((family) => tones.get(family) ?? [])) heard = await toneFrom(media, hertz, heard);
  };
  const pause = async (packets: number): Promise<void> => {
    const from = media.heard.all.length;
    await media.heard.when("some time", () => media.heard.all.length >= from + packets, from);
  };
  const press = async (keys: string): Promise<void> => {
    for (const key of keys) {
      await media.press(key);
      await pause(pausePackets);
    }
    // What is said next is heard from now on; what was being said may be heard a little longer.
  };
  const steps = async (line: string): Promise<void> => {
    const doing = /^> (.*)/.exec(line)?.[1];
    if (doing === undefined) await hears(line);
    else if (doing === "speaks" || doing === "silent") {
      await recording(id, ++recordings);
      speaksSince = livedMs();
      if (doing === "speaks") media.play(voiceHertz);
      if (doing === "speaks") await pause(spokenPackets);
    } else {
      media.quiet();
      if (speaksSince > 0) exempt.push({ from: speaksSince, until: livedMs() });
      speaksSince = 0;
      await press(doing.replace(/[A-Z]+/, (word) => secrets[word] ?? word));
    }
  };
  const diary: string[] = [];
  try {
    for (const line of way.talk.split(" / ")) {
      diary.push(`${Date.now()} ${line}`);
      await steps(line);
      diary.push(`${Date.now()} done`);
    }
  } catch (error) {
    const log = mine.all.map(
      (fact) => `${fact.at} ${"prompts" in fact ? fact.prompts.join(" ") : "key" in fact ? `key ${fact.key}` : fact.type}`,
    );
    throw new Error(`${way.name} went astray:\n${diary.join("\n")}\nthe log:\n${log.join("\n")}`, { cause: error });
  }
  return {
    async end() {
      if (way.ends.endsWith("by caller")) call.hangUp();
      const overAt = await call.over();
      if (speaksSince > 0) exempt.push({ from: speaksSince, until: overAt });
      const ended = await nth(mine, "call.ended", 1, `${way.name}: its end`);
      const ends = `${ended.stage} by ${ended.by}`;
      if (ends !== way.ends) throw new Error(`${way.name}: was to end in ${way.ends}, and ended in ${ends}`);
      return { facts: mine.all, ...recorded(media.heard.all, answeredAt, overAt, exempt) };
    },
  };
}

/** The facts of this call, and of a callback that it booked: known by who rings, or by the number when that is withheld. */
async function factsOf(facts: Journal<Fact>, { number, from }: ToldCall): Promise<Journal<Fact>> {
  const e164 = (national: string) => `+46${national.slice(1)}`;
  const known = new Set(taken);
  const arrived = await facts.when(`the call from ${from} to ${number}`, (fact) => {
    if (fact.type !== "call.arrived" || known.has(fact.call)) return false;
    return from === "anonymous" ? fact.from === null && fact.number === e164(number) : fact.from === e164(from);
  });
  const id = "call" in arrived ? arrived.call : "";
  taken.add(id);
  const mine = new Journal<Fact>(`facts of ${id}`, (fact) => ("prompts" in fact ? fact.prompts.join(" ") : fact.type));
  const is = (fact: Fact) => ("call" in fact && fact.call === id) || ("of" in fact && fact.of === id);
  const take = (fact: Fact) => is(fact) && mine.add(fact);
  for (const fact of facts.all) take(fact);
  facts.each(take);
  return mine;
}

/** Calls that are followed already. */
const taken = new Set<string>();

async function nth<T extends FactType>(
  mine: Journal<Fact>,
  type: T,
  n: number,
  what: string,
): Promise<Extract<Fact, { type: T }>> {
  const is = (fact: Fact): fact is Extract<Fact, { type: T }> => fact.type === type;
  const found = await mine.when(what, () => mine.all.filter(is).length >= n);
  const all = mine.all.filter(is);
  return all[n - 1] ?? (found as Extract<Fact, { type: T }>);
}
