import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { asKontaktlotsError, KontaktlotsError } from "../core/errors.ts";
import { loadPlan } from "../plans/load.ts";
import { stateFiles } from "../settings/runtime.ts";
import { readSettings } from "../settings/settings.ts";
import { openOfficers } from "../store/sqlite/officers.ts";
import { directoryCommand } from "./directory-command.ts";

/** `npm run directory`: the city's officers. Settings as for `npm start`; that may run meanwhile. */

async function main(): Promise<void> {
  const { stateDir, planDir } = readSettings(process.env, fileURLToPath(new URL("../..", import.meta.url)));
  await mkdir(stateDir, { recursive: true, mode: 0o755 });
  const officers = await openOfficers({ file: join(stateDir, stateFiles.officers) });
  try {
    const say = (line: string): void => void process.stdout.write(`${line}\n`);
    await directoryCommand(process.argv.slice(2), {
      officers,
      plan: () => loadPlan(planDir),
      readFile: contentOf,
      now: Date.now,
      say,
    });
  } finally {
    await officers.close();
  }
}

/** Names are as they were typed, where npm was started. */
async function contentOf(path: string): Promise<Uint8Array> {
  const full = resolve(process.env.INIT_CWD ?? process.cwd(), path);
  try {
    return await readFile(full);
  } catch (error) {
    throw new KontaktlotsError("NOT_FOUND", `${full} cannot be read.`, "Look at the name, and the rights on it.", {}, error);
  }
}

main().catch((thrown: unknown) => {
  process.stderr.write(`${asKontaktlotsError(thrown).line}\n`);
  process.exitCode = 1;
});
