/** How a simulated call ended. */
export const ends = { stranded: 0, answered: 1, helped: 2, abandoned: 3 } as const;

/**
 * What became of each call, in columns: a row a call, in order of arrival. `helped`: answered by an agent who has not the call's
 * group, but a neighbouring one. `stranded`: still waiting when nothing more happens.
 */
export class CallRecord {
  size = 0;
  /** When it came, ms. */
  at = new Float64Array(4096);
  /** Until the answer, or until the caller gave up, ms. */
  waitedMs = new Float64Array(4096);
  /** Talk and wrap-up, ms; 0 when nobody answered. */
  handledMs = new Float64Array(4096);
  group = new Uint16Array(4096);
  language = new Uint8Array(4096);
  urgent = new Uint8Array(4096);
  end = new Uint8Array(4096);
  offers = new Uint8Array(4096);
  /** Who answered, or −1. */
  agent = new Int32Array(4096);

  /** A row for a call that has come. */
  begin(at: number, group: number, language: number, urgent: boolean): number {
    const row = this.size++;
    if (row === this.at.length) this.#grow();
    this.at[row] = at;
    this.group[row] = group;
    this.language[row] = language;
    this.urgent[row] = urgent ? 1 : 0;
    this.agent[row] = -1;
    return row;
  }

  #grow(): void {
    const size = this.at.length * 2;
    this.at = copied(new Float64Array(size), this.at);
    this.waitedMs = copied(new Float64Array(size), this.waitedMs);
    this.handledMs = copied(new Float64Array(size), this.handledMs);
    this.group = copied(new Uint16Array(size), this.group);
    this.language = copied(new Uint8Array(size), this.language);
    this.urgent = copied(new Uint8Array(size), this.urgent);
    this.end = copied(new Uint8Array(size), this.end);
    this.offers = copied(new Uint8Array(size), this.offers);
    this.agent = copied(new Int32Array(size), this.agent);
  }
}

function copied<T extends Float64Array | Uint16Array | Uint8Array | Int32Array>(to: T, from: T): T {
  to.set(from);
  return to;
}

/** What agents did. */
export class DeskRecord {
  /** Talk and wrap-up, and time free, per agent, ms. */
  readonly busyMs: Float64Array;
  readonly freeMs: Float64Array;
  /** From when to when somebody was on duty and not on a break. */
  readonly presentFrom: number[] = [];
  readonly presentTo: number[] = [];

  constructor(agents: number) {
    this.busyMs = new Float64Array(agents);
    this.freeMs = new Float64Array(agents);
  }
}
