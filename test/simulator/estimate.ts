/** Means of dependent observations with a 99 % confidence interval, and what makes it narrower. */

export interface Interval {
  readonly mean: number;
  /** Half the width of the interval. */
  readonly half: number;
}

/** Observations of one batch, averaged: what is sought, and controls whose expectation is known. */
export interface Batch {
  readonly value: number;
  readonly controls: readonly number[];
}

/**
 * The mean by batch means with control variates (S. S. Lavenberg, P. D. Welch, "A Perspective on the Use of Control Variables to
 * Increase the Efficiency of Monte Carlo Simulations", Management Science 27(3), 1981): a regression of the batches' values on
 * how far their controls lie from `expected`; its constant is the estimate, with Student's t on as many degrees of freedom as are left.
 */
export function estimate(batches: readonly Batch[], expected: readonly number[]): Interval {
  const rows = batches.map(({ controls }) => [1, ...controls.map((value, i) => value - (expected[i] ?? 0))]);
  const size = expected.length + 1;
  const normal = matrix(size, (i, j) => sum(rows, (row) => (row[i] ?? 0) * (row[j] ?? 0)));
  const inverse = inverted(normal);
  const moments = Array.from({ length: size }, (_, i) => sum(rows, (row, at) => (row[i] ?? 0) * (batches[at]?.value ?? 0)));
  const fit = inverse.map((row) => sum(row, (value, j) => value * (moments[j] ?? 0)));
  const left = sum(rows, (row, at) => ((batches[at]?.value ?? 0) - sum(row, (value, i) => value * (fit[i] ?? 0))) ** 2);
  const freedom = batches.length - size;
  const variance = ((left / freedom) * (inverse[0]?.[0] ?? 0)) as number;
  return { mean: fit[0] ?? 0, half: student995(freedom) * Math.sqrt(variance) };
}

/** The value that Student's t exceeds with probability 0.5 %: Abramowitz and Stegun 26.7.5; off by less than 0.001 from 20 degrees on. */
export function student995(freedom: number): number {
  const z = 2.5758293035489004;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + g1 / freedom + g2 / freedom ** 2 + g3 / freedom ** 3;
}

function sum<T>(values: readonly T[], of: (value: T, index: number) => number): number {
  let total = 0;
  for (const [index, value] of values.entries()) total += of(value, index);
  return total;
}

function matrix(size: number, of: (i: number, j: number) => number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => of(i, j)));
}

/** Gauss and Jordan, with the largest pivot. */
function inverted(given: readonly (readonly number[])[]): number[][] {
  const size = given.length;
  const rows = given.map((row, i) => [...row, ...Array.from({ length: size }, (_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < size; column++) {
    const rest = rows.slice(column);
    const largest = rest.reduce((best, row) => (Math.abs(row[column] ?? 0) > Math.abs(best[column] ?? 0) ? row : best));
    const at = rows.indexOf(largest);
    [rows[column], rows[at]] = [largest, rows[column] ?? []];
    const pivot = largest[column] ?? 0;
    for (let j = 0; j < 2 * size; j++) largest[j] = (largest[j] ?? 0) / pivot;
    for (const row of rows) {
      if (row === largest) continue;
      const factor = row[column] ?? 0;
      for (let j = 0; j < 2 * size; j++) row[j] = (row[j] ?? 0) - factor * (largest[j] ?? 0);
    }
  }
  return rows.map((row) => row.slice(size));
}
