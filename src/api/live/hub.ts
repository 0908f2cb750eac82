import type { Logger } from "pino";
import type { EngineNews, LinkClient } from "../../engine/link-client.ts";
import type { CaptionView } from "../../engine/views.ts";
import type { LiveMessage } from "../contract.ts";
import type { Figures } from "../deps.ts";
import type { Sessions } from "../sessions.ts";
import { lineNow } from "./line.ts";
import type { LivePage } from "./page.ts";
import { PhoneTabs } from "./phone-tabs.ts";
import { Today } from "./today.ts";

export interface HubOptions {
  readonly link: LinkClient;
  readonly sessions: Sessions;
  readonly figures: Figures;
  readonly log: Logger;
  readonly beatMs: number;
}

/** Captions of calls that are not over, for a demo phone that comes back; the oldest go when there are more. */
const keptCaptions = 1000;

/**
 * Tells every live page what it may see, as it changes: `line` everybody, `board` and `today` who is signed in, an
 * agent's own view that agent, a call's captions the demo phone that knows its tag.
 */
export class LiveHub {
  readonly #options: HubOptions;
  readonly #pages = new Set<LivePage>();
  readonly #phones = new PhoneTabs();
  readonly #captions = new Map<string, CaptionView>();
  readonly #today: Today;
  readonly #beat: NodeJS.Timeout;
  readonly #onNews = (news: EngineNews): void => this.#take(news);
  readonly #onLink = (): void => this.#tellLine();

  constructor(options: HubOptions) {
    this.#options = options;
    this.#today = new Today(options.figures, options.log, (json) => this.#tell(json, (page) => page.session !== undefined));
    this.#beat = setInterval(() => this.#onBeat(), options.beatMs);
    options.link.on("message", this.#onNews).on("up", this.#onLink).on("down", this.#onLink);
  }

  /** Takes a page in and tells it how things stand, or refuses it. `phone`: it wants to be the tab that holds the agent's phone. */
  async join(page: LivePage, { phone, take }: { readonly phone: boolean; readonly take: boolean }): Promise<void> {
    const agent = page.session?.account.agent;
    if (phone) {
      if (page.session === undefined) return page.refuse("LOGIN_NEEDED");
      if (agent === undefined) return page.refuse("ROLE_NEEDED");
      if (!(await this.#phones.grant(agent, page, take))) return page.refuse("AGENT_SECOND_TAB");
    }
    if (!page.open) return;
    this.#pages.add(page);
    page.onClose(() => {
      this.#pages.delete(page);
      if (agent !== undefined) this.#phones.release(agent, page);
    });
    this.#tellAll(page);
  }

  /** The session is over: its pages must sign in again. */
  signedOut(tokenHash: string): void {
    for (const page of this.#pages) if (page.session?.tokenHash === tokenHash) page.refuse("LOGIN_NEEDED");
  }

  close(): void {
    clearInterval(this.#beat);
    this.#today.close();
    this.#options.link.off("message", this.#onNews).off("up", this.#onLink).off("down", this.#onLink);
    for (const page of this.#pages) page.goingAway();
  }

  #tellAll(page: LivePage): void {
    const { link } = this.#options;
    page.tell(json({ type: "line", line: lineNow(link) }));
    const caption = page.tag === undefined ? undefined : this.#captions.get(page.tag);
    if (caption !== undefined) page.tell(json({ type: "caption", caption }));
    if (page.session === undefined) return;
    if (link.board !== undefined) page.tell(json({ type: "board", board: link.board }));
    const agent = link.agents.get(page.session.account.agent ?? "");
    if (agent !== undefined) page.tell(json({ type: "agent", agent }));
    // Nobody has looked while no page was open, so the last figures may be yesterday's.
    if (this.#today.latest !== undefined) page.tell(this.#today.latest);
    this.#today.changed();
  }

  #take(news: EngineNews): void {
    if (news.type === "line") return this.#tellLine();
    if (news.type === "board") {
      this.#tell(json(news), (page) => page.session !== undefined);
      this.#lookAtToday();
    } else if (news.type === "agent") {
      this.#tell(json(news), (page) => page.session?.account.agent === news.agent.id);
    } else {
      this.#keep(news.caption);
      this.#tell(json(news), (page) => page.tag === news.caption.tag);
    }
  }

  #keep(caption: CaptionView): void {
    this.#captions.delete(caption.tag);
    if (caption.stage !== "ended") this.#captions.set(caption.tag, caption);
    const [oldest] = this.#captions.keys();
    if (this.#captions.size > keptCaptions && oldest !== undefined) this.#captions.delete(oldest);
  }

  #tellLine(): void {
    this.#tell(json({ type: "line", line: lineNow(this.#options.link) }), () => true);
  }

  #tell(text: string, whom: (page: LivePage) => boolean): void {
    for (const page of this.#pages) if (whom(page)) page.tell(text);
  }

  #lookAtToday(): void {
    if ([...this.#pages].some((page) => page.session !== undefined)) this.#today.changed();
  }

  /**
   * Shows the pages that the server lives, and looks whether they do and whether their sessions still hold. At midnight the day's figures
   * become others though nothing happens.
   */
  #onBeat(): void {
    this.#tellLine();
    this.#lookAtToday();
    for (const page of this.#pages) {
      page.beat();
      void this.#checkSession(page);
    }
  }

  async #checkSession(page: LivePage): Promise<void> {
    if (page.session === undefined) return;
    try {
      if ((await this.#options.sessions.findByHash(page.session.tokenHash)) === undefined) page.refuse("LOGIN_NEEDED");
    } catch (error) {
      // A store that fails for a moment signs nobody out.
      this.#options.log.warn({ err: error }, "A session could not be looked up.");
    }
  }
}

function json(message: LiveMessage): string {
  return JSON.stringify(message);
}
