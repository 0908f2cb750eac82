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
    3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
    67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ],
  [
    1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061,
    28729.085735721942674, 5226.495278852854561,
  ],
] as const;
const middle = [
  [
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258,
    0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
  ],
  [
    1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459, 0.0151986665636164571966,
    5.475938084995344946e-4, 1.05075007164441684324e-9,
  ],
  1.6,
] as const;
const far = [
  [
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123, 0.026532189526576123093,
    0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ],
  [
    1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
    1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
  ],
  5,
] as const;
