import { Store } from "../client/store.ts";

/** What a person does that lets a page sound. */
const wakes = ["pointerdown", "keydown"] as const;

/**
 * The ring signal, made by the browser itself: two soft tones every other second. A browser plays no sound before the person
 * has done something on the page; `blocked` says so.
 */
export class Ringer {
  /** The browser will not let the signal be heard yet. */
  readonly blocked = new Store(false);
  #context: AudioContext | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  open(): void {
    this.#context = new AudioContext();
    this.#context.onstatechange = () => this.#look();
    for (const name of wakes) window.addEventListener(name, this.#wake);
    this.#look();
    this.#wake();
  }

  start(): void {
    if (this.#timer !== undefined || this.#context === undefined) return;
    this.#signal();
    this.#timer = setInterval(() => this.#signal(), 2000);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    this.stop();
    for (const name of wakes) window.removeEventListener(name, this.#wake);
    const context = this.#context;
    this.#context = undefined;
    if (context === undefined) return;
    context.onstatechange = null;
    void context.close();
  }

  readonly #wake = (): void => {
    // Stays pending until the person has done something; `onstatechange` tells when it went through.
    if (this.#context?.state === "suspended") void this.#context.resume();
  };

  #look(): void {
    this.blocked.set(this.#context?.state === "suspended");
  }

  #signal(): void {
    const context = this.#context;
    if (context === undefined) return;
    for (const [at, hertz] of [
      [0, 587],
      [0.22, 784],
    ] as const) {
      const start = context.currentTime + at;
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.25, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, start + 0.6);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.65);
    }
  }
}
