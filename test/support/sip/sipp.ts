import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endWithUs } from "./child.ts";
import { firstSound } from "./first-sound.ts";

export interface SippOptions {
  /** Name of a file in `scenarios/`, without ".xml". */
  readonly scenario: string;
  /** Where this SIPp is. */
  readonly local: { readonly address: string; readonly port: number };
  /** Where its sound goes in and out; the first of one port for each call at a time when it sends any. */
  readonly mediaPort: number;
  /** Asterisk's SIP address, for scenarios that call. */
  readonly remote?: { readonly address: string; readonly port: number };
  /** Where it takes the commands of scenarios that are told what to do: the first command of a call begins it. */
  readonly commands?: { readonly address: string; readonly port: number };
  /** A folder for its logs; one of its own is made in it. */
  readonly folder: string;
  /** Ends by itself after so many calls; without it runs until stopped. */
  readonly calls?: number;
  /** Keeps so many calls going, a new one for each that ends … */
  readonly users?: number;
  /** … or starts so many a second. */
  readonly rate?: number;
  /** Never more than so many at once. */
  readonly limit?: number;
  /** Length of the scenario's pauses that have none of their own, ms. */
  readonly pauseMs?: number;
  /** Whom each call rings and as whom, taken in turn, round and round; `ms`: times of its own that the scenario takes from field 2 on. */
  readonly dials?: readonly { readonly number: string; readonly from: string; readonly ms?: readonly number[] }[];
  /** Files for its folder, where the scenario's file names point: "tone.al". */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Gives up after so long, and counts what is not over as failed. */
  readonly limitMs?: number;
}

export interface SippResult {
  readonly code: number | null;
  readonly successful: number;
  readonly failed: number;
  /** The first of what went wrong, if anything. */
  readonly complaints: string;
}

export interface Sipp {
  readonly pid: number;
  /** Settles when it has ended: by its count, or after `stop`. */
  readonly done: Promise<SippResult>;
  /** Starts no more calls and waits for those that are on. */
  finish(): Promise<SippResult>;
  /** Ends it at once. */
  stop(): Promise<SippResult>;
}

/** Starts SIPp 3.6 as a process of its own. Resolves when it runs; a scenario that cannot be read shows in `done`. */
export async function startSipp(options: SippOptions): Promise<Sipp> {
  const folder = await mkdtemp(join(options.folder, `sipp-${options.scenario}-`));
  const file = fileURLToPath(new URL(`scenarios/${options.scenario}.xml`, import.meta.url));
  const { local, remote, dials } = options;
  const flag = (name: string, value: string | number | undefined): string[] => (value === undefined ? [] : [name, String(value)]);
  if (dials) {
    const lines = dials.map(({ number, from, ms = [] }) => [number, from, ...ms].join(";"));
    await writeFile(join(folder, "dials.csv"), `${["SEQUENTIAL", ...lines].join("\n")}\n`);
  }
  const files = { "first-sound.pcap": firstSound(), ...options.files };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const args = [
    ...["-sf", file, "-i", local.address, "-p", String(local.port), "-mi", local.address, "-mp", String(options.mediaPort)],
    ...flag("-3pcc", options.commands && `${options.commands.address}:${options.commands.port}`),
    ...(remote ? [`${remote.address}:${remote.port}`] : []),
    ...flag("-m", options.calls),
    ...flag("-users", options.users),
    ...flag("-r", options.rate),
    ...flag("-l", options.limit),
    ...flag("-d", options.pauseMs),
    ...(options.limitMs === undefined ? [] : ["-timeout", `${options.limitMs}ms`]),
    ...(dials ? ["-inf", "dials.csv"] : []),
    ...["-nostdin", "-trace_stat", "-stf", "stat.csv", "-fd", "1", "-trace_err", "-error_file", "errors.log"],
  ];
  const child = spawn("sipp", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, TERM: "dumb" } });
  endWithUs(child);
  let said = "";
  child.stderr.on("data", (part: Buffer) => {
    said = (said + part.toString()).slice(0, 4000);
  });
  const ended = once(child, "close");
  await once(child, "spawn");
  const done = ended.then(async ([code]) => await result(folder, code as number | null, said));
  const signal = (name: NodeJS.Signals) => async (): Promise<SippResult> => {
    child.kill(name);
    return await done;
  };
  return { pid: child.pid ?? 0, done, finish: signal("SIGUSR1"), stop: signal("SIGKILL") };
}

async function result(folder: string, code: number | null, said: string): Promise<SippResult> {
  const names = await readdir(folder);
  const read = async (name: string): Promise<string> => (names.includes(name) ? await readFile(join(folder, name), "utf8") : "");
  const rows = (await read("stat.csv")).trim().split("\n");
  const [titles = [], values = []] = [rows[0]?.split(";"), rows.at(-1)?.split(";")];
  const column = (title: string): number => Number(values[titles.indexOf(title)] ?? 0);
  const complaints = `${said}${await read("errors.log")}`.slice(0, 3000);
  return { code, successful: column("SuccessfulCall(C)"), failed: column("FailedCall(C)"), complaints };
}
