import { execFileSync } from "node:child_process";
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { SpeechProvider } from "../../../src/telephony/prompts/speech.ts";

/** A sine as signed 16-bit samples; `peak` from 0 to 1. */
export function tone(hertz: number, seconds: number, peak = 0.5, rate = 8_000): Int16Array<ArrayBuffer> {
  return Int16Array.from({ length: Math.round(seconds * rate) }, (_, i) =>
    Math.round(Math.sin((2 * Math.PI * hertz * i) / rate) * peak * 32_767),
  );
}

export function wav(samples: Int16Array<ArrayBuffer>, rate = 8_000): Buffer {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}

/** What Asterisk would play of an A-law file. */
export function played(sox: string, file: string): Int16Array {
  const out = execFileSync(sox, [
    "-t",
    "al",
    "-r",
    "8000",
    "-c",
    "1",
    file,
    "-t",
    "raw",
    "-b",
    "16",
    "-e",
    "signed-integer",
    "-",
  ]);
  return new Int16Array(out.buffer.slice(out.byteOffset, out.byteOffset + out.length));
}

/** The frequency of a tone, from where it crosses zero. */
export function hertzOf(samples: Int16Array): number {
  let crossings = 0;
  for (let i = 1; i < samples.length; i++) if (Number(samples[i - 1]) < 0 !== Number(samples[i]) < 0) crossings++;
  return (crossings / 2 / samples.length) * 8_000;
}

/** RMS in dBFS. */
export function levelOf(samples: Int16Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return 10 * Math.log10(power / 32_768 ** 2);
}

/** Speaks every text as a second of 440 Hz, and keeps what it was asked. */
export class ToneSpeech implements SpeechProvider {
  readonly id: string;
  readonly spoken: string[] = [];
  atOnce = 0;
  mostAtOnce = 0;

  constructor(id = "tone") {
    this.id = id;
  }

  async languages(): Promise<ReadonlySet<string>> {
    return new Set(["sv", "en"]);
  }

  async speak(texts: readonly string[], language: string): Promise<Buffer[]> {
    this.spoken.push(...texts.map((text) => `${language}: ${text}`));
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    this.atOnce--;
    return texts.map(() => wav(tone(440, 1)));
  }
}

const some = [
  "wrong-key",
  "no-key",
  "to-agent",
  "place-first",
  "place-many",
  "goodbye",
  "other-group",
  "no-speaker",
  "press-main",
  "press-english",
];

/** A plan of which only the prompts matter. */
export function planSaying(prompts: Plan["prompts"], languages = ["sv", "en"]): Plan {
  const always = Object.fromEntries(some.map((id) => [id, { sv: `sv ${id}`, en: `en ${id}` }]));
  const start = { to: "group", group: "g" } as const;
  const entry = { number: "+46846500400", aliases: [], name: { sv: "n", en: "n" }, greeting: "goodbye", start, language: "sv" };
  return {
    id: "test",
    city: "Test",
    timezone: "Europe/Stockholm",
    agentLanguages: [],
    languages,
    spoken: languages,
    numbers: [entry],
    nodes: {},
    groups: {},
    prompts: { ...always, ...prompts },
    districts: [],
    hours: {},
    calendar: { timezone: "Europe/Stockholm", holidays: {} },
    lastResort: "g",
  };
}
