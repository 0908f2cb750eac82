import { parseArgs } from "node:util";

/** How a bench is made smaller, for trying. */
export interface Options {
  /** Calls each system takes. */
  readonly calls?: number;
  /** Only the setting with so many agents. */
  readonly agents?: number;
  /** Only this system. */
  readonly only?: "app_queue" | "kontaktlots";
  /** Seconds of load, and of load after that. */
  readonly seconds?: number;
  readonly more?: number;
  readonly rate?: number;
  readonly rounds?: number;
}

export const usage = "--calls N  --agents N  --only kontaktlots|app_queue  --seconds N  --more N  --rate N  --rounds N";

/** Reads what stands behind the bench's name. Throws on what it does not know. */
export function readOptions(args: readonly string[]): Options {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { calls: text, agents: text, only: text, seconds: text, more: text, rate: text, rounds: text },
  });
  const { only, ...numbers } = values;
  if (only !== undefined && only !== "app_queue" && only !== "kontaktlots")
    throw new Error(`--only is "${only}". Known are: ${usage}`);
  const read: Record<string, number> = {};
  for (const [name, value] of Object.entries(numbers)) {
    read[name] = Number(value);
    if (!Number.isInteger(read[name]) || read[name] < 0) throw new Error(`--${name} is "${value}". Known are: ${usage}`);
  }
  return { ...read, ...(only ? { only } : {}) };
}
