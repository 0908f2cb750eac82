import type { LivePage } from "./page.ts";

const letGo = JSON.stringify({ type: "second-tab" });

/** Which tab of an agent holds the phone: one at a time, or a call would ring in two and be answered in neither. */
export class PhoneTabs {
  readonly #holders = new Map<string, LivePage>();

  /**
   * Gives the agent's phone to this page, unless another tab holds it and answers. With `take` the other is told to let go.
   * Returns whether the page has it.
   */
  async grant(agent: string, page: LivePage, take: boolean): Promise<boolean> {
    for (;;) {
      const holder = this.#holders.get(agent);
      if (holder?.open && !take) {
        if (await holder.answers()) return false;
        holder.drop();
        // Meanwhile another page may have come: look again.
        if (this.#holders.get(agent) === holder) this.#holders.delete(agent);
        continue;
      }
      holder?.tell(letGo);
      if (page.open) this.#holders.set(agent, page);
      return page.open;
    }
  }

  /** To be called when a page is gone. */
  release(agent: string, page: LivePage): void {
    if (this.#holders.get(agent) === page) this.#holders.delete(agent);
  }
}
