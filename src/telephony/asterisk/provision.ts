import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type ErrorCode, errorCodes, KontaktlotsError } from "../../core/errors.ts";
import type { AsteriskLaunch } from "./options.ts";

const script = fileURLToPath(new URL("../../../asterisk-config/provision.sh", import.meta.url));

/**
 * Makes sure there is an Asterisk, espeak-ng and sox; half a minute the first time, a tenth of a second after.
 *
 * @param onProgress gets one line at a time, for people.
 * @param settings an Asterisk to use as it is, where to keep the one we set up, and what cuts the set-up off.
 * @param options `--with-sipp`, `--with-chromium`: what tests need besides.
 * @throws KontaktlotsError ASTERISK_MISSING, ASTERISK_TOO_OLD, SETTING_INVALID; the signal's reason
 */
export async function provision(
  onProgress: (line: string) => void = () => undefined,
  options: readonly ("--with-sipp" | "--with-chromium")[] = [],
  settings: { readonly asterisk?: string | undefined; readonly cacheDir?: string; readonly signal?: AbortSignal } = {},
): Promise<AsteriskLaunch> {
  const env = {
    ...process.env,
    ...(settings.asterisk === undefined ? {} : { ASTERISK: settings.asterisk }),
    ...(settings.cacheDir === undefined ? {} : { CACHE_DIR: settings.cacheDir }),
  };
  // A process group of its own, so that cutting it off ends what it started as well.
  const child = spawn("bash", [script, ...options], { stdio: ["ignore", "pipe", "pipe"], env, detached: true });
  const cutOff = (): void => endGroup(child.pid);
  settings.signal?.addEventListener("abort", cutOff);
  createInterface({ input: child.stderr }).on("line", onProgress);
  let lastLine = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    lastLine = line;
  });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  }).finally(() => settings.signal?.removeEventListener("abort", cutOff));
  settings.signal?.throwIfAborted();
  const answer = readAnswer(lastLine);
  if (answer === undefined) {
    throw new KontaktlotsError(
      "ASTERISK_MISSING",
      "The set-up of Asterisk ended without an answer.",
      `Run ${script} to see why.`,
    );
  }
  if ("error" in answer) throw new KontaktlotsError(answer.error.code, answer.error.message, answer.error.mend);
  return answer;
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGTERM");
  } catch {
    // it has ended by itself meanwhile
  }
}

type Answer = AsteriskLaunch | { error: { code: ErrorCode; message: string; mend: string } };

function readAnswer(line: string): Answer | undefined {
  try {
    const answer = JSON.parse(line) as Answer;
    if ("error" in answer) return errorCodes.includes(answer.error.code) ? answer : undefined;
    return typeof answer.asterisk === "string" ? answer : undefined;
  } catch {
    return undefined;
  }
}
