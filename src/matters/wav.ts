/** Recordings as Asterisk writes them: RIFF/WAVE with 16-bit samples. */

export interface WavSound {
  /** Length of the sound, ms. */
  readonly ms: number;
  /** The loudest sample, 0 to 1. */
  readonly peak: number;
}

const pcm = 1;
const headBytes = 12;

/**
 * What is to be heard in a file; undefined when it is no such file. Sizes in the head are not believed: they are written last, and
 * a file that was cut off has none.
 */
export function readWav(bytes: Uint8Array): WavSound | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.byteLength < headBytes || name(0) !== "RIFF" || name(8) !== "WAVE") return undefined;
  let bytesPerSecond: number | undefined;
  for (let at = headBytes; at + 8 <= bytes.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (name(at) === "fmt " && start + 16 <= bytes.byteLength) {
      if (view.getUint16(start, true) !== pcm || view.getUint16(start + 14, true) !== 16) return undefined;
      bytesPerSecond = view.getUint32(start + 8, true);
    }
    if (name(at) === "data") {
      if (!bytesPerSecond) return undefined;
      const end = size === 0 || start + size > bytes.byteLength ? bytes.byteLength : start + size;
      let peak = 0;
      for (let sample = start; sample + 2 <= end; sample += 2) peak = Math.max(peak, Math.abs(view.getInt16(sample, true)));
      return { ms: Math.round(((end - start) / bytesPerSecond) * 1000), peak: peak / 32_768 };
    }
    // Chunks begin at even places.
    at = start + size + (size % 2);
  }
  return undefined;
}
