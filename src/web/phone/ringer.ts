import { Store } from "../client/store.ts";

/**
 * The ring signal, made by the browser itself: two soft tones every other second. A browser plays no sound before the person
 * has done something on the page; `blocked` says so.
 */
export class Ringer {
  /** The browser will not let the signal be heard yet. */
  readonly blocked = new Store(false);
  readonly #context = new AudioContext();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    this.#context.onstatechange = () => this.#look();
    for (const name of ["pointerdown", "keydown"] as const) window.addEventListener(name, this.#wake);
    this.#look();
    this.#wake();
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#signal();
    this.#timer = setInterval(() => this.#signal(), 2000);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    this.stop();
    for (const name of ["pointerdown", "keydown"] as const) window.removeEventListener(name, this.#wake);
    this.#context.onstatechange = null;
    void this.#context.close();
  }

  readonly #wake = (): void => {
    // Stays pending until the person has done something; `onstatechange` tells when it went through.
    if (this.#context.state === "suspended") void this.#context.resume();
  };

  #look(): void {
    this.blocked.set(this.#context.state === "suspended");
  }

  #signal(): void {
    for (const [at, hertz] of [
      [0, 587],
      [0.22, 784],
    ] as const) {
      const start = this.#context.currentTime + at;
      const tone = this.#context.createOscillator();
      const volume = this.#context.createGain();
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.25, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, start + 0.6);
      tone.connect(volume).connect(this.#context.destination);
      tone.start(start);
      tone.stop(start + 0.65);
    }
  }
}
