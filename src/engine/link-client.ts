import { EventEmitter } from "node:events";
import { createConnection, type Socket } from "node:net";
import type { Logger } from "pino";
import { type ErrorCode, errorCodes, KontaktlotsError } from "../core/errors.ts";
import { onLines } from "./lines.ts";
import type { EngineCommand, FromEngine, ToEngine } from "./link-protocol.ts";
import { readEngineLine } from "./link-schema.ts";
import type { AgentView, BoardView, LineView } from "./views.ts";

export interface LinkClientOptions {
  /** Path of the engine's unix socket; need not be there yet. */
  readonly path: string;
  readonly log: Logger;
  /** How long a command may take, ms. Default 2000. */
  readonly replyMs?: number;
  /** Wait before the first new try to connect, ms; doubled up to ten times that. Default 50. */
  readonly retryMs?: number;
}

/** What the engine tells of itself. */
export type EngineNews = Exclude<FromEngine, { type: "reply" }>;

interface LinkEvents {
  /** What the engine tells, in order; the whole state after each `up`. */
  message: [EngineNews];
  /** The engine speaks. */
  up: [];
  /** The engine is away; the last known state stays readable. */
  down: [];
}

type Reply = Extract<FromEngine, { type: "reply" }>;
/** The whole state of some hundred agents fits many times. */
const maxNewsChars = 16 * 1024 * 1024;

/**
 * The front's end of the link: connects, and connects again for ever. It is up from the engine's first word (a frozen
 * engine accepts, but says nothing) until the connection ends.
 */
export class LinkClient extends EventEmitter<LinkEvents> {
  readonly #options: Required<LinkClientOptions>;
  readonly #waiting = new Map<number, (reply: Reply | undefined) => void>();
  #socket: Socket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryMs: number;
  #lastId = 0;
  #closed = false;
  #up = false;
  #line: LineView | undefined;
  #board: BoardView | undefined;
  readonly #agents = new Map<string, AgentView>();

  constructor(options: LinkClientOptions) {
    super();
    this.#options = { replyMs: 2000, retryMs: 50, ...options };
    this.#retryMs = this.#options.retryMs;
    this.#connect();
  }

  get up(): boolean {
    return this.#up;
  }

  /** The last the engine told of the line; undefined before its first word. The same holds for the board. */
  get line(): LineView | undefined {
    return this.#line;
  }

  get board(): BoardView | undefined {
    return this.#board;
  }

  get agents(): ReadonlyMap<string, AgentView> {
    return this.#agents;
  }

  /**
   * Has the engine carry out a command. Always settles.
   *
   * @throws the engine's own refusal; ENGINE_AWAY when it is away, does not answer in time, or is lost before it answers —
   * then nobody knows whether it was carried out, and the next state tells. `replyMs`: for what takes longer than others.
   */
  async send(command: EngineCommand, replyMs = this.#options.replyMs): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined || !this.#up) throw engineAway();
    this.#lastId += 1;
    const message: ToEngine = { id: this.#lastId, command };
    const reply = await new Promise<Reply | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), replyMs);
      this.#waiting.set(message.id, (reply) => {
        clearTimeout(timer);
        resolve(reply);
      });
      socket.write(`${JSON.stringify(message)}\n`);
    });
    this.#waiting.delete(message.id);
    if (reply === undefined) throw engineAway();
    if (!reply.ok) throw new KontaktlotsError(knownCode(reply.code), reply.message, reply.mend);
  }

  /** Lets go of the engine for good. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.destroy();
  }

  #connect(): void {
    const socket = createConnection(this.#options.path);
    this.#socket = socket;
    // That nobody is there is normal while the engine starts; "close" follows and tries again.
    socket.on("error", (error) => this.#options.log.debug({ err: error }, "The engine cannot be reached."));
    socket.on("close", () => this.#onClose());
    onLines(socket, maxNewsChars, (text) => {
      const message = readEngineLine(text);
      if (message !== undefined) return this.#onMessage(message);
      this.#options.log.warn(
        { code: "EVENT_INVALID", chars: text.length },
        "The engine said something unknown; connecting anew.",
      );
      socket.destroy();
    });
  }

  #onClose(): void {
    const wasUp = this.#up;
    this.#up = false;
    for (const settle of this.#waiting.values()) settle(undefined);
    this.#waiting.clear();
    if (!this.#closed) {
      this.#retry = setTimeout(() => this.#connect(), this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, this.#options.retryMs * 10);
    }
    if (wasUp) {
      this.#options.log.warn({ code: "ENGINE_AWAY" }, "The link to the engine is lost.");
      this.emit("down");
    }
  }

  #onMessage(message: FromEngine): void {
    if (message.type === "reply") {
      this.#waiting.get(message.id)?.(message);
      return;
    }
    if (!this.#up) {
      this.#up = true;
      this.#retryMs = this.#options.retryMs;
      this.#agents.clear(); // the whole state follows; who is not in it is no longer there
      this.#options.log.info("The link to the engine is up.");
      this.emit("up");
    }
    if (message.type === "line") this.#line = message.line;
    else if (message.type === "board") this.#board = message.board;
    else if (message.type === "agent") this.#agents.set(message.agent.id, message.agent);
    this.emit("message", message);
  }
}

/** What is told while the engine is away. */
export function engineAway(): KontaktlotsError {
  return new KontaktlotsError(
    "ENGINE_AWAY",
    "The part that connects calls is starting again.",
    "Calls that are talked go on. Wait a few seconds and try again.",
  );
}

function knownCode(code: string): ErrorCode {
  return errorCodes.find((known) => known === code) ?? "INTERNAL";
}
