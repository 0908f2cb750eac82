import { copyFileSync, fstatSync, ftruncateSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { createLogger } from "../engine/logger.ts";
import type { Notice } from "../engine/supervised.ts";
import { stateFiles } from "../settings/runtime.ts";
import type { Settings } from "../settings/settings.ts";
import { Notices } from "./notices.ts";

/**
 * Where people and machines are told what happens. LOG_FORMAT text: the terminal stays calm (progress, and problems as one line
 * each), the whole log is a file. LOG_FORMAT json: all is JSON lines on standard output.
 */
export interface Output {
  /** File descriptor for the log of the processes. */
  readonly fd: number;
  /** Path of the log; undefined when it is standard output. */
  readonly file: string | undefined;
  /** The supervisor's own log. */
  readonly log: Logger;
  /** A line for people: progress, the welcome. */
  say(line: string): void;
  /** A process's problem, which already stands in its log. */
  notice(part: string, notice: Notice): void;
  /** All is well again: the next problem is told even if it is the same. */
  well(): void;
  close(): Promise<void>;
}

const lookEveryMs = 60_000;
/** The file becomes `kontaktlots.log.1`, and is begun anew, bytes. */
const longestFile = 20 * 1024 * 1024;

/** Opens the log. `terminal`: gets lines for people; undefined when nobody looks. */
export async function openOutput(
  { log: options, stateDir }: Pick<Settings, "log" | "stateDir">,
  terminal?: (line: string) => void,
): Promise<Output> {
  if (options.format === "json") {
    const log = createLogger("system", options);
    const say = (line: string): void => void (line.trim() && log.info(line.trim()));
    return { fd: 1, file: undefined, log, say, notice: () => undefined, well: () => undefined, close: async () => undefined };
  }
  const file = join(stateDir, stateFiles.lines);
  const handle = await open(file, "a", 0o600);
  const look = setInterval(() => turnOver(handle, file, log), lookEveryMs).unref();
  const say = terminal ?? ((): void => undefined);
  const notices = new Notices(say);
  const notice = (part: string, notice: Notice): void => notices.show(part, notice.text);
  const log = createLogger("system", options, { fd: handle.fd, notice: (what) => notice("system", what) });
  turnOver(handle, file, log);
  return {
    fd: handle.fd,
    file,
    log,
    say,
    notice,
    well: () => notices.forget(),
    close: async () => {
      clearInterval(look);
      await new Promise<void>((resolve) => log.flush(() => resolve()));
      await handle.close();
    },
  };
}

/** By copy, as the processes hold the file open. A line that is written in that moment may be lost. */
function turnOver({ fd }: FileHandle, file: string, log: Logger): void {
  try {
    if (fstatSync(fd).size <= longestFile) return;
    copyFileSync(file, `${file}.1`);
    ftruncateSync(fd);
  } catch (error) {
    log.warn({ err: error }, `The log ${file} has grown long, and cannot be put aside.`);
  }
}
