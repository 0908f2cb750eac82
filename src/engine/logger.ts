import { type Logger, pino } from "pino";

/** The process's log: JSON lines on standard output, or text for people. */
export function createLogger(name: string, options: { readonly level: string; readonly format: "json" | "text" }): Logger {
  if (options.format === "json") return pino({ name, level: options.level });
  return pino({ name, level: options.level }, { write: (line: string) => void process.stdout.write(`${textLine(line)}\n`) });
}

/** `12:01:07 engine WARN message (CODE)` */
function textLine(json: string): string {
  const { time, level, msg, code, name } = JSON.parse(json) as {
    time: number;
    level: number;
    msg?: string;
    code?: string;
    name?: string;
  };
  const clock = new Date(time).toLocaleTimeString("sv-SE");
  const label = (pino.levels.labels[level] ?? "info").toUpperCase();
  return `${clock} ${name ?? ""} ${label} ${msg ?? ""}${code === undefined ? "" : ` (${code})`}`;
}
