/** How soon a problem with the same code is told again, and how soon the very same line, ms. */
const sameCodeMs = 10_000;
const sameLineMs = 600_000;

/**
 * Problems as short lines on the terminal. What is told again and again stands there once; the log has it each time.
 */
export class Notices {
  readonly #say: (line: string) => void;
  readonly #now: () => number;
  /** By code, or by the line itself when it has none. */
  readonly #told = new Map<string, { readonly at: number; readonly text: string }>();

  /** `now`: ms, never running backwards. */
  constructor(say: (line: string) => void, now: () => number = () => performance.now()) {
    this.#say = say;
    this.#now = now;
  }

  show(part: string, text: string): void {
    const now = this.#now();
    const key = /^[A-Z][A-Z_]+(?=: )/.exec(text)?.[0] ?? text;
    const told = this.#told.get(key);
    if (told && now - told.at < (told.text === text ? sameLineMs : sameCodeMs)) return;
    this.#told.set(key, { at: now, text });
    this.#say(`${new Date().toLocaleTimeString("sv-SE")} ${part.padEnd(6)} ${text}`);
  }

  /** After this, everything is news. */
  forget(): void {
    this.#told.clear();
  }
}
