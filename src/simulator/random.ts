/** A stream of random numbers. The same seed and purpose give the same numbers, whatever other streams are asked. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** `purpose`: what the numbers decide ("talk aldre"). Each purpose has a stream of its own, so that policies meet the same calls. */
  constructor(seed: number, purpose = "") {
    let state = seed | 0;
    for (const letter of purpose) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193) + 0x9e3779b9;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      return mixed(state);
    };
    [this.#a, this.#b, this.#c, this.#d] = [next(), next(), next(), next() | 1];
  }

  /** Greater than 0, less than 1; 52 bits. */
  next(): number {
    const high = this.#draw() >>> 6;
    const low = this.#draw() >>> 6;
    return (high * 0x4000000 + low + 0.5) / 0x10000000000000;
  }

  /** A whole number from 0 to 2³² − 1: a seed for something smaller. */
  whole(): number {
    return this.#draw() >>> 0;
  }

  /** xoshiro128** 1.1 by D. Blackman and S. Vigna ("Scrambled Linear Pseudorandom Number Generators", 2021). */
  #draw(): number {
    const five = Math.imul(this.#b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }
}

/**
 * The `count`-th number of something that has a seed of its own, between 0 and 1: each offer of a call draws by its place in the
 * call's life, so that one offer more or less under another policy moves nobody else's numbers.
 */
export function drawOf(seed: number, count: number): number {
  return ((mixed((seed + Math.imul(count + 1, 0x9e3779b9)) | 0) >>> 0) + 0.5) / 0x100000000;
}

/** The finaliser of MurmurHash3 (A. Appleby): every bit of the result depends on every bit of the state. */
function mixed(state: number): number {
  let x = state;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** The stream of one offer: made of the call's own seed, so that it is the same whoever is rung and whenever. */
export class LuckyRandom extends Random {
  #seed = 0;
  #count = 0;

  constructor() {
    super(0);
  }

  of(seed: number, place: number): this {
    this.#seed = (seed ^ Math.imul(place, 0x27d4eb2f)) | 0;
    this.#count = 0;
    return this;
  }

  override next(): number {
    return drawOf(this.#seed, this.#count++);
  }
}
