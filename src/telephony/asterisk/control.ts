import { connect, type Socket } from "node:net";
import { join } from "node:path";

/** Asterisk's control socket: there as soon as it starts, gone when it ends, and needs neither password nor port. */
export type Control = {
  /** Asterisk's process id, as it says itself. */
  readonly pid: number;
  readonly version: string;
  readonly socket: Socket;
};

/** Where an instance's control socket lies. */
export function controlPath(dir: string): string {
  return join(dir, "run", "asterisk.ctl");
}

/**
 * Connects and reads the greeting.
 *
 * @returns undefined when nobody listens there
 */
export function openControl(dir: string, timeoutMs = 2000): Promise<Control | undefined> {
  return new Promise((resolve) => {
    const socket = connect(controlPath(dir));
    let greeting = "";
    const give = (control: Control | undefined): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on("error", () => undefined); // a broken socket shows as its close
      if (control === undefined) socket.destroy();
      resolve(control);
    };
    const timer = setTimeout(() => give(undefined), timeoutMs);
    socket.once("error", () => give(undefined));
    socket.once("close", () => give(undefined));
    socket.on("data", (part) => {
      greeting += part.toString("utf8");
      const [, pid, version] = /^[^/]*\/(\d+)\/([^\n]*)\n/.exec(greeting) ?? [];
      if (pid !== undefined && version !== undefined) give({ pid: Number(pid), version, socket });
    });
  });
}

/**
 * Runs one command of Asterisk's command line and gives what it prints.
 *
 * @returns undefined when nobody listens, or no answer came within `timeoutMs`
 */
export async function runCommand(dir: string, command: string, timeoutMs = 10_000): Promise<string | undefined> {
  const control = await openControl(dir, timeoutMs);
  if (control === undefined) return undefined;
  const { socket } = control;
  return await new Promise((resolve) => {
    let answer = "";
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(undefined);
    }, timeoutMs);
    socket.on("data", (part) => {
      answer += part.toString("utf8");
    });
    socket.once("close", () => {
      clearTimeout(timer);
      resolve(answer.replaceAll("\0", ""));
    });
    // "cli quit after" makes Asterisk close the connection behind the command: that is how its end is seen.
    socket.write(`cli quit after ${command}\0`);
  });
}
