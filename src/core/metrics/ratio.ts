/** Formula and version. A changed formula gets a new number; the old one keeps its meaning. */
export type FormulaId =
  | "availability/1"
  | "fcr/1"
  | "fcr/2"
  | "service-level/1"
  | "service-level/2"
  | "service-level/3"
  | "asa/1"
  | "abandon/1"
  | "aht/1"
  | "satisfaction/1";

/** A share with what it was made of. `value` null when the denominator is 0: shown as "–", never 0 % or 100 %. */
export interface Ratio {
  /** Formula and version, "availability/1". */
  readonly formula: string;
  readonly numerator: number;
  readonly denominator: number;
  /** Percent, not rounded. */
  readonly value: number | null;
}

/** A mean time with what it was made of. `valueS` null when there is nothing to take the mean of. */
export interface Mean {
  readonly formula: string;
  readonly sumMs: number;
  readonly count: number;
  /** Seconds, not rounded. */
  readonly valueS: number | null;
}

/** A mean of answers on 0–100 with how many they are. `value` null when there is none. */
export interface Index {
  readonly formula: string;
  readonly count: number;
  /** 0 to 100, not rounded. */
  readonly value: number | null;
}

export function ratio(formula: FormulaId, numerator: number, denominator: number): Ratio {
  return { formula, numerator, denominator, value: denominator === 0 ? null : (100 * numerator) / denominator };
}

export function mean(formula: FormulaId, sumMs: number, count: number): Mean {
  return { formula, sumMs, count, valueS: count === 0 ? null : sumMs / count / 1000 };
}

export function index(formula: FormulaId, points: number, count: number): Index {
  return { formula, count, value: count === 0 ? null : points / count };
}
