import type { Ask, Waiting } from "./types.ts";

/**
 * Calls of a group that ask the very same, in order of arrival. Who may not take the first may take none of them, for it has waited longest
 * and reached the highest step: so only heads are looked at, however many wait.
 */
export class Line {
  readonly key: string;
  readonly ask: Ask;
  head: Place | undefined;
  #tail: Place | undefined;

  constructor(key: string, ask: Ask) {
    this.key = key;
    this.ask = ask;
  }

  /** Takes a call in at the place its order says: nearly always the last, or, after a failed offer, one of the first. */
  insert(place: Place): void {
    const { order } = place.waiting;
    let after: Place | undefined;
    if (this.#tail && this.#tail.waiting.order < order) after = this.#tail;
    else for (let at = this.head; at && at.waiting.order < order; at = at.next) after = at;
    const before = after ? after.next : this.head;
    place.previous = after;
    place.next = before;
    if (after) after.next = place;
    else this.head = place;
    if (before) before.previous = place;
    else this.#tail = place;
  }

  remove(place: Place): void {
    if (place.previous) place.previous.next = place.next;
    else this.head = place.next;
    if (place.next) place.next.previous = place.previous;
    else this.#tail = place.previous;
  }
}

/** A call's place in its line. */
export interface Place {
  readonly waiting: Waiting;
  readonly line: Line;
  previous: Place | undefined;
  next: Place | undefined;
}

export function lineKey({ ask, keptUntil, since }: Waiting): string {
  const { languages, district, priority, preferred } = ask;
  return `${languages.join(" ")}|${district ?? ""}|${priority}|${preferred ?? ""}|${keptUntil > since}`;
}
