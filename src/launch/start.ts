import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { asKontaktlotsError } from "../core/errors.ts";
import { loadPlanWithWarnings } from "../plans/load.ts";
import { problemLine } from "../plans/problem.ts";
import { stateFiles } from "../settings/runtime.ts";
import { readSettings } from "../settings/settings.ts";
import { openAccounts } from "../store/accounts.ts";
import { provision } from "../telephony/asterisk/index.ts";
import { espeak, preparePrompts } from "../telephony/prompts/index.ts";
import { prepareDemo } from "./demo.ts";
import { buildPages } from "./pages.ts";
import { soundTools, startSystem } from "./system.ts";

/** `npm start`: sets up what is missing, starts everything on this machine, and says where to click. Ctrl-C ends it all. */

const root = fileURLToPath(new URL("../..", import.meta.url));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const began = performance.now();
  const settings = readSettings(process.env, root);
  const { plan, warnings } = await loadPlanWithWarnings(settings.planDir);
  for (const warning of warnings) say(`  ${problemLine(warning)}`);
  const soundsDir = join(settings.stateDir, "asterisk", "sounds");
  await mkdir(soundsDir, { recursive: true, mode: 0o755 });

  const pages = buildPages(root, say);
  const launch = settings.asterisk.remote
    ? undefined
    : await provision(say, [], { asterisk: settings.asterisk.binary, cacheDir: settings.cacheDir });
  const tools = soundTools(launch);
  const prompts = preparePrompts(plan, settings.planDir, soundsDir, espeak(tools.espeakNg), { sox: tools.sox });
  const accounts = await openAccounts({ file: join(settings.stateDir, stateFiles.accounts) });
  const demo = settings.demo ? await prepareDemo(accounts, plan, settings.stateDir) : undefined;
  const agents = await accounts.listAgents();
  await accounts.close();
  await Promise.all([pages, prompts]);

  const system = await startSystem({ settings, launch, agents, ...(demo ? { citizenSecret: demo.citizenSecret } : {}) });
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    say("Ending ...");
    system.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  system.asterisk?.exited.then(() => {
    if (ending) return;
    say("ASTERISK_START_FAILED: Asterisk has ended. See its log in the state folder, and start again.");
    end();
  });
  welcome(
    `http://${settings.http.host === "0.0.0.0" ? "localhost" : settings.http.host}:${settings.http.port}`,
    demo?.logins ?? [],
    began,
  );
}

function welcome(
  url: string,
  logins: readonly { readonly user: string; readonly password: string; readonly name: string }[],
  began: number,
): void {
  say("");
  say(`Kontaktlots tar emot samtal / takes calls. (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  say("");
  say(`  Start              ${url}/`);
  say(`  Ring / call        ${url}/phone`);
  say(`  Svara / answer     ${url}/agent`);
  say(`  Statistik          ${url}/statistics`);
  if (logins.length > 0) say("");
  for (const { user, password, name } of logins) say(`  ${user.padEnd(10)} ${password.padEnd(12)} ${name}`);
  say("");
  say("  Ctrl-C avslutar / ends.");
}

function fail(thrown: unknown): never {
  const error = asKontaktlotsError(thrown);
  process.stderr.write(`${error.line}\n`);
  process.exit(1);
}

main().catch(fail);
