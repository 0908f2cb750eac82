import type { Logger } from "pino";
import type { CoreEvent } from "../core/events.ts";
import { checkRouting, type RoutingProblem } from "../core/routing/check.ts";
import { problemText } from "../core/routing/check-text.ts";
import type { CoreState } from "../core/state.ts";
import type { RoutingProblemView } from "./views.ts";

/** No more than these are told one by one. */
const mostTold = 10;

const watched: ReadonlySet<CoreEvent["type"]> = new Set(["plan.set", "spoken.set", "agents.set"]);

/**
 * Looks, whenever the plan or the directory has changed, whether everybody who may call can be helped. New problems are logged,
 * which the supervisor shows; those that concern callers or leads go to the board.
 */
export class RoutingWatch {
  readonly #core: CoreState;
  readonly #logger: Logger;
  readonly #show: (problems: readonly RoutingProblemView[]) => void;
  #due: NodeJS.Immediate | undefined;
  #told: ReadonlySet<string> = new Set();

  constructor(core: CoreState, logger: Logger, show: (problems: readonly RoutingProblemView[]) => void) {
    this.#core = core;
    this.#logger = logger;
    this.#show = show;
  }

  onTurn(event: CoreEvent): void {
    // A new plan and its agents often come in one go: only what holds after both is worth telling.
    if (watched.has(event.type)) this.#due ??= setImmediate(() => this.#review());
  }

  close(): void {
    clearImmediate(this.#due);
  }

  #review(): void {
    this.#due = undefined;
    const { plan, agents } = this.#core;
    if (!plan) return;
    const problems = checkRouting(Object.values(plan.groups), [...agents.values()], plan.spoken).map((problem) => ({
      ...problem,
      text: problemText(problem),
    }));
    const fresh = problems.filter(({ text }) => !this.#told.has(text.sv));
    this.#told = new Set(problems.map(({ text }) => text.sv));
    for (const { text, ...problem } of fresh.slice(0, mostTold))
      this.#logger[harmless(problem) ? "info" : "warn"]({ problem }, `${text.sv} / ${text.en}`);
    const more = fresh.length - mostTold;
    if (more > 0)
      this.#logger.warn(
        { problems: fresh.slice(mostTold).map(({ text, ...problem }) => problem) },
        `Planen och handläggarna: ${more} till, i loggen. / The plan and the agents: ${more} more, in the log.`,
      );
    const shown = problems.filter((problem) => !harmless(problem));
    this.#show(shown.map(({ code, text }) => ({ code: code ?? null, text })));
  }
}

/** A rule without anyone to call in does no harm to a caller: it stands in the log only. */
const harmless = ({ kind }: { readonly kind: RoutingProblem["kind"] }): boolean => kind === "no-second-line";
