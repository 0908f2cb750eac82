import { asKontaktlotsError, KontaktlotsError } from "../../core/errors.ts";
import type { AriLines } from "./lines.ts";
import type { AriReply } from "./link.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** What is asked of Asterisk, and what its refusals mean. */
export class Requests {
  readonly #lines: AriLines;
  readonly #tell: (error: KontaktlotsError) => void;
  readonly #call: string | undefined;

  /** `tell`: what went wrong and is nobody's to mend here; `call`: whose requests they are, if one call's. */
  constructor(lines: AriLines, tell: (error: KontaktlotsError) => void, call?: string) {
    this.#lines = lines;
    this.#tell = tell;
    this.#call = call;
  }

  /** Requests of one call, which are carried out in their order; those of different calls are not. */
  of(call: string): Requests {
    return new Requests(this.#lines, this.#tell, call);
  }

  /** Errors: ARI_REFUSED with the reply's `status` in its details, ARI_TIMEOUT, ARI_LINK_LOST. */
  async send(method: Method, path: string, body?: unknown): Promise<AriReply> {
    const reply = await this.#lines.request(method, path, body, this.#call);
    if (reply.status < 300) return reply;
    const what = `${method} ${path.split("?", 1)[0]}`;
    throw new KontaktlotsError(
      "ARI_REFUSED",
      `Asterisk refused ${what}: ${reply.status} ${reply.body.slice(0, 200)}`,
      "See Asterisk's log.",
      { status: reply.status, what },
    );
  }

  /** A request whose refusal changes nothing: the thing is already as wanted, or its channel is gone, which its own end tells. */
  ask(method: "POST" | "DELETE", path: string): void {
    this.send(method, path).catch((error) => {
      const status = error.details.status;
      if (status !== 404 && status !== 409) this.problem(error);
    });
  }

  /** A request about something of Asterisk's which, if it is not there, tells its end. */
  askOrEnd(method: "GET" | "DELETE", path: string, gone: () => void): void {
    this.send(method, path).catch((error) => {
      if (error.details.status === 404) gone();
      else this.problem(error);
    });
  }

  /** That the line was lost is told by the line itself. */
  problem(error: unknown): void {
    const known = asKontaktlotsError(error);
    if (!isLost(known)) this.#tell(known);
  }
}

/** Whether a request failed because the line went: what became of it shows when Asterisk is read back. */
export function isLost(error: unknown): boolean {
  return error instanceof KontaktlotsError && error.code === "ARI_LINK_LOST";
}
