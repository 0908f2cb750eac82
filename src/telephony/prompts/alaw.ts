/** Every other bit is turned over, so that silence is no row of zeros on the line. */
const flip = 0x55;
/** Signed 16-bit samples as A-law (ITU-T G.711): a byte a sample, what the telephone network carries. */
export function alaw(samples: Int16Array): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length);
  for (let at = 0; at < samples.length; at++) bytes[at] = alawByte(samples[at] ?? 0);
  return bytes;
}

function alawByte(sample: number): number {
  // G.711 counts in 13 bits, and -1 and 0 are the two smallest values.
  const value = sample >> 3;
  const sign = value >= 0 ? 0x80 : 0;
  const magnitude = value >= 0 ? value : -value - 1;
  // Of the 12 bits of a magnitude the lowest five are the first segment; each further bit begins the next.
  const segment = Math.max(0, 27 - Math.clz32(magnitude));
  const step = segment < 2 ? (magnitude >> 1) & 0x0f : (magnitude >> segment) & 0x0f;
  return (sign | (segment << 4) | step) ^ flip;
}
