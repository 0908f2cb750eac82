import type { FrontDeps } from "../../src/api/deps.ts";

/** For fronts whose tests are about something else: nobody has left anything, or is asked. */
export const noMatters: Pick<FrontDeps, "matters" | "officers" | "surveys" | "recordingsDir"> = {
  matters: {
    list: async () => [],
    find: async () => undefined,
    setStatus: async () => {
      throw new Error("no matters here");
    },
  },
  officers: { find: async () => undefined },
  surveys: { find: async () => undefined, use: async () => undefined, reopen: async () => undefined },
  recordingsDir: "/nonexistent",
};

/** A recording as Asterisk writes it: 16-bit samples at 8 kHz, a tone of that loudness (0 to 1). */
export function wavOf(ms: number, loudness = 0.3): Uint8Array {
  const samples = Int16Array.from({ length: ms * 8 }, (_, n) => Math.sin(n / 4) * loudness * 32_767);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(16_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}
