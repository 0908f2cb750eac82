import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { asKontaktlotsError, KontaktlotsError } from "../core/errors.ts";
import { loadPlanWithWarnings } from "../plans/load.ts";
import { problemLine } from "../plans/problem.ts";
import { stateFiles } from "../settings/runtime.ts";
import { readSettings, type Settings } from "../settings/settings.ts";
import { openAccountAdmin } from "../store/sqlite/account-admin.ts";
import { lockForWriting } from "../store/sqlite/lock.ts";
import { provision } from "../telephony/asterisk/index.ts";
import { espeak, preparePrompts } from "../telephony/prompts/index.ts";
import { clearDemo, prepareDemo } from "./demo.ts";
import { type Output, openOutput } from "./output.ts";
import { buildPages } from "./pages.ts";
import { checkPorts } from "./ports.ts";
import { soundsDir, soundTools, startSystem } from "./system.ts";
import { pagesUrl, welcome } from "./welcome.ts";

/** `npm start`: sets up what is missing, starts everything on this machine, and says where to click. Ctrl-C ends it all. */

const root = fileURLToPath(new URL("../..", import.meta.url));

async function main(signal: AbortSignal): Promise<void> {
  const began = performance.now();
  const settings = readSettings(process.env, root);
  const unlock = await takeStateDir(settings.stateDir);
  const output = await openOutput(settings, (line) => process.stdout.write(`${line}\n`));
  signal.addEventListener("abort", () => output.say("Avslutar / Ending ..."));
  const { demo, ...parts } = await setUp(settings, output, signal);
  const system = await startSystem({
    ...parts,
    settings,
    output,
    signal,
    ...(demo ? { citizenSecret: demo.citizenSecret } : {}),
  });
  const url = pagesUrl(settings.http);
  await untilHealthy(url, signal);
  const seconds = (performance.now() - began) / 1000;
  output.log.info({ url, seconds }, "All serve.");
  if (output.file !== undefined) {
    const logins = demo?.logins ?? [];
    for (const line of welcome({ url, demo: settings.demo, logins, logFile: output.file, seconds })) output.say(line);
  }
  const told = new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve())));
  const failure = await Promise.race([told, system.givenUp]);
  if (failure) output.log.fatal({ code: failure.code, details: failure.details }, failure.line);
  await system.stop();
  await output.close();
  unlock();
  if (failure) throw failure;
}

/** Everything that must be there before anything runs; said while it is made. */
async function setUp(settings: Settings, { say, log }: Output, signal: AbortSignal) {
  await checkPorts(settings);
  const { plan, warnings } = await loadPlanWithWarnings(settings.planDir);
  for (const warning of warnings) say(`  ${problemLine(warning)}`);
  const sounds = soundsDir(settings);
  await mkdir(sounds, { recursive: true, mode: 0o755 });

  const launch = await cutShort(signal, async (signal) => {
    const pages = buildPages(root, say, signal);
    if (settings.asterisk.remote) return void (await pages);
    const { binary: asterisk } = settings.asterisk;
    return (await Promise.all([provision(say, [], { asterisk, cacheDir: settings.cacheDir, signal }), pages]))[0];
  });
  const tools = soundTools(launch);
  // The engine has the other languages made while it serves.
  const prompts = preparePrompts(plan, settings.planDir, sounds, espeak(tools.espeakNg), {
    sox: tools.sox,
    cacheDir: settings.cacheDir,
    languages: plan.languages.slice(0, 1),
  });
  const accounts = await openAccountAdmin(join(settings.stateDir, stateFiles.accounts));
  const demo = settings.demo ? await prepareDemo(accounts.store, plan, settings.stateDir) : undefined;
  if (!demo) {
    const gone = await clearDemo(accounts, settings.stateDir);
    if (gone.length > 0) log.warn({ users: gone }, "The log-ins of an earlier demo are removed.");
    if (accounts.listUsers().length === 0) say(nobodyYet);
  }
  const agents = await accounts.store.listAgents();
  await accounts.close();
  await prompts;
  signal.throwIfAborted();
  return { plan, launch, agents, demo };
}

/** When one of the things that are done beside each other fails, the others are ended too. */
async function cutShort<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const failed = new AbortController();
  try {
    return await work(AbortSignal.any([signal, failed.signal]));
  } catch (error) {
    failed.abort();
    throw error;
  }
}

/** All serve; what the pages see of it is asked last, so that whoever is told that calls are taken finds it so. */
async function untilHealthy(url: string, signal: AbortSignal): Promise<void> {
  const until = performance.now() + healthLimitMs;
  while (!signal.aborted && performance.now() < until) {
    const health = await fetch(`${url}/health`, { signal }).catch(() => undefined);
    if (health?.ok) return;
    await delay(20);
  }
}

/** After this the welcome is given all the same: what is wrong was told by then. */
const healthLimitMs = 5_000;

const nobodyYet = "Ingen kan logga in än / nobody may sign in yet: npm run accounts -- add ...";

/** One supervisor a state folder: a second one would take over the first one's Asterisk, and end it. Returns what lets go of it. */
async function takeStateDir(stateDir: string): Promise<() => void> {
  try {
    await mkdir(stateDir, { recursive: true, mode: 0o755 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KontaktlotsError(
      "SETTING_INVALID",
      `The state folder cannot be made: ${reason}.`,
      "Give another STATE_DIR.",
      {},
      error,
    );
  }
  try {
    return lockForWriting(join(stateDir, "system"));
  } catch (error) {
    if (asKontaktlotsError(error).code !== "STORE_LOCKED") throw error;
    throw new KontaktlotsError(
      "STORE_LOCKED",
      `Kontaktlots already runs on ${stateDir}.`,
      "Use that one, or end it; a second one needs a STATE_DIR and ports of its own.",
    );
  }
}

/** What the system refused, in our words. */
function told(thrown: unknown): KontaktlotsError {
  if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC") {
    return new KontaktlotsError(
      "STORE_FULL",
      `There is no room on the disk: ${thrown.message}.`,
      "Make room, and start again.",
      {},
      thrown,
    );
  }
  return asKontaktlotsError(thrown);
}

const ending = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => ending.abort());
// A terminal that is closed takes nothing more; that is no reason to leave Asterisk behind.
process.stdout.on("error", () => undefined);

main(ending.signal).then(
  () => process.exit(0),
  (thrown: unknown) => {
    if (!ending.signal.aborted) process.stderr.write(`${told(thrown).line}\n`);
    process.exit(1);
  },
);
