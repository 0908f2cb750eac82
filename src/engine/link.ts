import { once } from "node:events";
import { chmod, rename, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import type { Logger } from "pino";
import { asKontaktlotsError, KontaktlotsError } from "../core/errors.ts";
import { onLines } from "./lines.ts";
import type { EngineCommand, FromEngine } from "./link-protocol.ts";
import { readFrontLine } from "./link-schema.ts";

export interface LinkServerOptions {
  /** Path of the unix socket. One left behind by a killed engine is replaced. */
  readonly path: string;
  readonly log: Logger;
  /** Carries out a command; a rejection becomes its reply, with code and mend. */
  onCommand(command: EngineCommand): Promise<void>;
  /** What a front is told when it connects: the line first, then the board and each agent. */
  fullState(): readonly FromEngine[];
  /** A front that lets more than this many bytes lie unread is dropped; it comes back and gets the whole state. Default 8 MiB. */
  readonly maxUnreadBytes?: number;
}

export interface LinkServer {
  /** Tells every front. Never waits; costs nothing while no front is there. */
  push(message: FromEngine): void;
  /** Drops the fronts and stops listening. */
  close(): Promise<void>;
}

const maxCommandChars = 65_536;

/**
 * The engine's end of the link to the front. Whatever a front does (too slow, garbage, gone), the engine only drops it.
 *
 * @throws SETTING_INVALID when the socket cannot be made there.
 */
export async function createLinkServer(options: LinkServerOptions): Promise<LinkServer> {
  const { log, maxUnreadBytes = 8 * 1024 * 1024 } = options;
  const fronts = new Set<Socket>();

  function write(front: Socket, line: string): void {
    if (front.destroyed) return;
    if (front.writableCorked === 0) {
      // One system call for everything that is said within a tick.
      front.cork();
      process.nextTick(() => front.uncork());
    }
    front.write(line);
    if (front.writableLength > maxUnreadBytes) {
      log.warn({ unread: front.writableLength }, "A front does not read what it is told, and is dropped.");
      front.destroy();
    }
  }

  async function onLine(front: Socket, text: string): Promise<void> {
    const line = readFrontLine(text);
    if (line.is === "garbage") {
      log.warn({ code: "COMMAND_INVALID", chars: text.length }, "A front sent something that is no command, and is dropped.");
      front.destroy();
      return;
    }
    const reply = line.is === "command" ? await carryOut(line.id, line.command) : refusal(line.id, badCommand);
    write(front, `${JSON.stringify(reply)}\n`);
  }

  async function carryOut(id: number, command: EngineCommand): Promise<FromEngine> {
    try {
      await options.onCommand(command);
      return { type: "reply", id, ok: true };
    } catch (error) {
      return refusal(id, asKontaktlotsError(error));
    }
  }

  function onFront(front: Socket): void {
    fronts.add(front);
    front.on("close", () => fronts.delete(front));
    front.on("error", (error) => log.warn({ err: error }, "A front was lost."));
    onLines(front, maxCommandChars, (text) => void onLine(front, text));
    for (const message of options.fullState()) write(front, `${JSON.stringify(message)}\n`);
  }

  const server = createServer(onFront);
  await listen(server, options.path);
  server.on("error", (error) => log.error({ err: error }, "A front could not be let in."));
  return {
    push(message) {
      if (fronts.size === 0) return;
      const line = `${JSON.stringify(message)}\n`;
      for (const front of fronts) write(front, line);
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const front of fronts) front.destroy();
      await closed;
    },
  };
}

const badCommand = new KontaktlotsError(
  "COMMAND_INVALID",
  "The engine does not know this command.",
  "Start front and engine of the same version.",
);

function refusal(id: number, { code, message, mend }: KontaktlotsError): FromEngine {
  return { type: "reply", id, ok: false, code, message, mend };
}

/**
 * Listens under a name of its own and then renames it to `path`: a socket file left by a killed engine is replaced in one
 * step, and nobody can connect before only we may (mode 0600). The file stays
 * after `close`. That no two engines run is the store's lock's business.
 */
async function listen(server: Server, path: string): Promise<void> {
  const own = `${path}.${process.pid}`;
  try {
    await rm(own, { force: true });
    server.listen(own);
    await once(server, "listening");
    await chmod(own, 0o600);
    await rename(own, path);
  } catch (error) {
    server.close();
    throw new KontaktlotsError(
      "SETTING_INVALID",
      `The engine's socket ${path} cannot be made.`,
      "Look at STATE_DIR: the folder must exist, be writable, and its path be shorter than 80 characters.",
      { path },
      error,
    );
  }
}
