import type { LiveMessage } from "../../api/contract.ts";
import type { AgentCallView, AgentView, BoardView, CaptionView, LineView } from "../../engine/views.ts";
import { retryLater } from "./backoff.ts";
import { observeServerTime } from "./clock.ts";
import { Store } from "./store.ts";

export type Today = Extract<LiveMessage, { type: "today" }>["rows"];

/** Why the server will not have this tab. */
const refusals = ["LOGIN_NEEDED", "ROLE_NEEDED", "AGENT_SECOND_TAB"] as const;
export type Refusal = (typeof refusals)[number];

/** What this page was shown last, and whether the line to the server stands. */
export interface LiveState {
  /** `refused`: the server will not have this tab, see `refusal`. */
  readonly link: "connecting" | "open" | "lost" | "refused";
  /** Since when the line is lost, ms of this machine's clock. */
  readonly lostAt: number | null;
  readonly refusal: Refusal | null;
  /** Another tab took the agent's phone; this one only looks on. */
  readonly taken: boolean;
  readonly line: LineView | null;
  readonly board: BoardView | null;
  readonly agent: AgentView | null;
  /** The agent's last call as it was told; wrap-up no longer tells it. */
  readonly story: AgentCallView | null;
  readonly today: Today | null;
  readonly caption: CaptionView | null;
}

export interface LiveOptions {
  /** Ask to be the tab that holds the agent's phone. */
  readonly phone?: boolean;
  /** Captions of this call are wanted. */
  readonly tag?: string;
}

/** `line` comes every 10 s; after this long without a word the link is dead even if nobody closed it, ms. */
const silenceMs = 25_000;

/** The one WebSocket of a page to /live. Comes back by itself for ever, unless the server refuses this tab. */
export class Live extends Store<LiveState> {
  readonly #options: LiveOptions;
  #socket: WebSocket | undefined;
  #attempt = 0;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #cancelRetry = () => {};

  constructor(options: LiveOptions = {}) {
    super({
      link: "connecting",
      lostAt: null,
      refusal: null,
      taken: false,
      line: null,
      board: null,
      agent: null,
      story: null,
      today: null,
      caption: null,
    });
    this.#options = options;
  }

  /** Opens the link. `take`: let an older tab of the same agent give up the phone. */
  open({ take = false } = {}): void {
    this.close();
    const state = this.get();
    if (take) this.patch({ taken: false });
    const query = new URLSearchParams();
    if (this.#options.phone && (take || !state.taken)) query.set("phone", "1");
    if (take) query.set("take", "1");
    if (this.#options.tag !== undefined) query.set("tag", this.#options.tag);
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/live?${query}`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#attempt = 0;
      this.patch({ link: "open", lostAt: null, refusal: null });
      this.#listen(socket);
    };
    socket.onmessage = (event) => {
      this.#listen(socket);
      this.#take(JSON.parse(String(event.data)) as LiveMessage);
    };
    socket.onclose = (event) => this.#lost(event.reason);
    window.addEventListener("offline", this.#offline);
  }

  /** Closes the link for good; `open` starts anew. */
  close(): void {
    this.#cancelRetry();
    clearTimeout(this.#silence);
    window.removeEventListener("offline", this.#offline);
    if (this.#socket === undefined) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = undefined;
  }

  readonly #offline = () => {
    this.close();
    this.#lost("");
  };

  #listen(socket: WebSocket): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#socket === socket && this.#offline(), silenceMs);
  }

  #lost(reason: string): void {
    clearTimeout(this.#silence);
    const refusal = refusals.find((known) => known === reason);
    if (refusal !== undefined) {
      this.patch({ link: "refused", refusal, lostAt: null });
      return;
    }
    this.patch({ link: "lost", lostAt: this.get().lostAt ?? Date.now() });
    this.#cancelRetry = retryLater(this.#attempt++, () => this.open());
  }

  #take(message: LiveMessage): void {
    if (message.type === "line") this.patch({ line: message.line });
    else if (message.type === "agent") this.patch({ agent: message.agent, story: message.agent.call ?? this.get().story });
    else if (message.type === "caption") this.patch({ caption: message.caption });
    else if (message.type === "today") this.patch({ today: message.rows });
    else if (message.type === "second-tab") this.patch({ taken: true });
    else if (message.type === "board") {
      observeServerTime(message.board.at);
      this.patch({ board: message.board });
    }
  }
}
