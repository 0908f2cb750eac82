import type { CoreEvent } from "../core/events.ts";
import type { CoreState, Turn } from "../core/state.ts";
import type { LinkServer } from "./link.ts";
import type { FromEngine } from "./link-protocol.ts";
import { agentView, boardView, captionView } from "./make-views.ts";
import type { BoardView, LineView, RoutingProblemView } from "./views.ts";

const boardEveryMs = 250;
/** An agent's state changes several times within some ms as a call comes; nobody sees the ones between. */
const agentsEveryMs = 15;

/**
 * Tells the front what changed: an agent's own view within 15 ms, the board at most four times a second.
 * Computes nothing that nobody would read.
 */
export class Publisher {
  readonly #core: CoreState;
  readonly #now: () => number;
  #server: LinkServer | undefined;
  #line: LineView;
  #problems: readonly RoutingProblemView[] = [];
  readonly #agents = new Set<string>();
  readonly #captions = new Set<string>();
  #soon: NodeJS.Timeout | undefined;
  #board: NodeJS.Timeout | undefined;

  constructor(core: CoreState, line: LineView, now: () => number) {
    this.#core = core;
    this.#line = line;
    this.#now = now;
  }

  serve(server: LinkServer): void {
    this.#server = server;
  }

  get line(): LineView {
    return this.#line;
  }

  setLine(line: LineView): void {
    this.#line = line;
    this.#server?.push({ type: "line", line });
  }

  setProblems(problems: readonly RoutingProblemView[]): void {
    this.#problems = problems;
    this.#server?.push({ type: "board", board: this.#boardView() });
  }

  #boardView(): BoardView {
    return boardView(this.#core, this.#now(), this.#problems);
  }

  fullState(): FromEngine[] {
    return [
      { type: "line", line: this.#line },
      { type: "board", board: this.#boardView() },
      ...[...this.#core.agents.values()].map((agent): FromEngine => ({ type: "agent", agent: agentView(this.#core, agent) })),
    ];
  }

  onTurn(event: CoreEvent, turn: Turn): void {
    if ("agent" in event) this.#agents.add(event.agent);
    if (event.type === "agents.set") for (const { id } of event.agents) this.#agents.add(id);
    for (const fact of turn.facts) if ("agent" in fact) this.#agents.add(fact.agent);
    for (const touched of [event, ...turn.effects]) {
      const call = "call" in touched ? this.#core.calls.get(touched.call) : undefined;
      if (call?.tag) this.#captions.add(call.id);
      if (call?.offer) this.#agents.add(call.offer.agent);
    }
    if (event.type === "caller.gone" || event.type === "leg.ended") this.#captions.add(event.call);
    this.#soon ??= setTimeout(() => this.#flush(), agentsEveryMs);
    this.#board ??= setTimeout(() => {
      this.#board = undefined;
      this.#server?.push({ type: "board", board: this.#boardView() });
    }, boardEveryMs);
  }

  #flush(): void {
    this.#soon = undefined;
    for (const id of this.#agents) {
      const agent = this.#core.agents.get(id);
      if (agent) this.#server?.push({ type: "agent", agent: agentView(this.#core, agent) });
    }
    this.#agents.clear();
    for (const id of this.#captions) {
      const call = this.#core.calls.get(id);
      const caption = call && captionView(this.#core, call);
      if (caption) this.#server?.push({ type: "caption", caption });
    }
    this.#captions.clear();
  }

  close(): void {
    clearTimeout(this.#soon);
    clearTimeout(this.#board);
  }
}
