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
 * @param settings an Asterisk to use as it is, and where to keep the one we set up.
 * @param options `--with-sipp`, `--with-chromium`: what tests need besides.
 * @throws KontaktlotsError ASTERISK_MISSING, ASTERISK_TOO_OLD, SETTING_INVALID
 */
export async function provision(
  onProgress: (line: string) => void = () => undefined,
  options: readonly ("--with-sipp" | "--with-chromium")[] = [],
  settings: { readonly asterisk?: string | undefined; readonly cacheDir?: string } = {},
): Promise<AsteriskLaunch> {
  const env = {
    ...process.env,
    ...(settings.asterisk === undefined ? {} : { KONTAKTLOTS_ASTERISK: settings.asterisk }),
    ...(settings.cacheDir === undefined ? {} : { KONTAKTLOTS_CACHE: settings.cacheDir }),
  };
  const child = spawn("bash", [script, ...options], { stdio: ["ignore", "pipe", "pipe"], env });
  createInterface({ input: child.stderr }).on("line", onProgress);
  let lastLine = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    lastLine = line;
  });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
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
