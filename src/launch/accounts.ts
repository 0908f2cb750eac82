import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { asKontaktlotsError } from "../core/errors.ts";
import { loadPlan } from "../plans/load.ts";
import { stateFiles } from "../settings/runtime.ts";
import { readSettings } from "../settings/settings.ts";
import { openAccountAdmin } from "../store/sqlite/account-admin.ts";
import { accountCommand } from "./account-command.ts";

/** `npm run accounts`: who may sign in. Settings as for `npm start`; that may run meanwhile. */

async function main(): Promise<void> {
  const { stateDir, planDir } = readSettings(process.env, fileURLToPath(new URL("../..", import.meta.url)));
  await mkdir(stateDir, { recursive: true, mode: 0o755 });
  const accounts = await openAccountAdmin(join(stateDir, stateFiles.accounts));
  try {
    const say = (line: string): void => void process.stdout.write(`${line}\n`);
    await accountCommand(process.argv.slice(2), { accounts, plan: () => loadPlan(planDir), typed, say });
  } finally {
    await accounts.close();
  }
}

/** The first line of standard input, "" when there is none. */
async function typed(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  return "";
}

main().catch((thrown: unknown) => {
  process.stderr.write(`${asKontaktlotsError(thrown).line}\n`);
  process.exitCode = 1;
});
