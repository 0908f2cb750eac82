import { type Logger, type LoggerOptions, pino } from "pino";
import { type Notice, tellSupervisor } from "./supervised.ts";

export interface LogTo {
  /** File descriptor the lines go to. Default 1, standard output. */
  readonly fd?: number;
  /** Gets what people should see at once, when `format` is "text". Default: the supervisor, who has the terminal. */
  readonly notice?: (notice: Notice) => void;
}

/** Lines that wait for a disk that takes none, in characters; what comes after that is dropped. */
const maxWaiting = 1024 * 1024;
const warning = 40;

/**
 * The process's log: JSON lines. Nothing ever waits for it, and a full disk stops it without stopping anything else: what is wrong
 * with the disk is told by the event log's own health.
 */
export function createLogger(
  name: string,
  options: { readonly level: string; readonly format: "json" | "text" },
  to: LogTo = {},
): Logger {
  const destination = pino.destination({ fd: to.fd ?? 1, sync: false, maxLength: maxWaiting });
  destination.on("error", () => undefined); // tried again with the next line
  const hooks: LoggerOptions["hooks"] = {
    logMethod(args, method, level) {
      method.apply(this, args);
      if (level >= warning) (to.notice ?? ((notice) => tellSupervisor({ notice })))(noticeOf(args, level));
    },
  };
  return pino({ name, level: options.level, ...(options.format === "text" ? { hooks } : {}) }, destination);
}

function noticeOf(args: readonly unknown[], level: number): Notice {
  const [first, second] = args;
  const text = typeof first === "string" ? first : typeof second === "string" ? second : "";
  const code = typeof first === "object" && first !== null && "code" in first ? String(first.code) : "";
  return {
    level: level >= 60 ? "fatal" : level >= 50 ? "error" : "warn",
    text: text.startsWith(code) ? text : `${code}: ${text}`,
  };
}
