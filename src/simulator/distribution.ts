import type { Random } from "./random.ts";

/** How long something takes. Means in ms; `cv`: standard deviation divided by the mean. */
export type Distribution =
  | { readonly kind: "fixed"; readonly mean: number }
  | { readonly kind: "exponential"; readonly mean: number }
  | { readonly kind: "lognormal"; readonly mean: number; readonly cv: number }
  | { readonly kind: "gamma"; readonly mean: number; readonly cv: number }
  | { readonly kind: "mixture"; readonly parts: readonly { readonly share: number; readonly of: Distribution }[] }
  /** As it happened, in any order: recorded times. */
  | { readonly kind: "recorded"; readonly values: readonly number[] }
  | { readonly kind: "never" };

/** Draws one value, ms. */
export type Sampler = (random: Random) => number;

export const never: Distribution = { kind: "never" };
export const fixed = (mean: number): Distribution => ({ kind: "fixed", mean });
export const exponential = (mean: number): Distribution => ({ kind: "exponential", mean });

export function samplerOf(distribution: Distribution): Sampler {
  switch (distribution.kind) {
    case "fixed":
      return () => distribution.mean;
    case "never":
      return () => Number.POSITIVE_INFINITY;
    case "exponential":
      return (random) => -distribution.mean * Math.log(random.next());
    case "lognormal": {
      // mean = exp(m + s²/2) and cv² = exp(s²) − 1.
      const variance = Math.log(1 + distribution.cv ** 2);
      const m = Math.log(distribution.mean) - variance / 2;
      const s = Math.sqrt(variance);
      return (random) => Math.exp(m + s * normalAt(random.next()));
    }
    case "gamma": {
      const shape = 1 / distribution.cv ** 2;
      return (random) => (distribution.mean / shape) * gamma(shape, random);
    }
    case "recorded":
      return (random) => distribution.values[Math.floor(random.next() * distribution.values.length)] ?? 0;
    case "mixture": {
      const all = distribution.parts.reduce((sum, { share }) => sum + share, 0);
      const parts = distribution.parts.map(({ share, of }) => ({ share: share / all, sample: samplerOf(of) }));
      return (random) => {
        let left = random.next();
        for (const { share, sample } of parts) {
          left -= share;
          if (left < 0) return sample(random);
        }
        return parts.at(-1)?.sample(random) ?? 0;
      };
    }
  }
}

/** The mean, ms; Infinity for `never`. */
export function meanOf(distribution: Distribution): number {
  switch (distribution.kind) {
    case "never":
      return Number.POSITIVE_INFINITY;
    case "recorded":
      return distribution.values.reduce((sum, value) => sum + value, 0) / Math.max(1, distribution.values.length);
    case "mixture": {
      const all = distribution.parts.reduce((sum, { share }) => sum + share, 0);
      return distribution.parts.reduce((sum, { share, of }) => sum + (share / all) * meanOf(of), 0);
    }
    default:
      return distribution.mean;
  }
}

/** Gamma of scale 1 by G. Marsaglia and W. W. Tsang, "A Simple Method for Generating Gamma Variables", ACM TOMS 26(3), 2000. */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * random.next() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalAt(random.next());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** The standard normal value below which the share p lies: M. J. Wichura, algorithm AS 241 (PPND16), Applied Statistics 37, 1988. */
export function normalAt(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(near[0], r)) / polynomial(near[1], r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const [above, below, from] = r <= 5 ? middle : far;
  const value = polynomial(above, r - from) / polynomial(below, r - from);
  return q < 0 ? -value : value;
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + (coefficients[i] ?? 0);
  return value;
}

const near = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
    5226.495278852854,
  ],
] as const;
const middle = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
    0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345,
    1.0507500716444169e-9,
  ],
  1.6,
] as const;
const far = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124, 0.0012426609473880784,
    2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
  5,
] as const;
