import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { recordingId } from "../core/call/ids.ts";
import { asKontaktlotsError, KontaktlotsError } from "../core/errors.ts";
import type { AgentProfile } from "../core/events.ts";
import { alwaysOpen } from "../core/hours/always-open.ts";
import { knownEntry } from "../core/menu/entry.ts";
import { readRuntime, stateFiles } from "../settings/runtime.ts";
import { type AccountStore, openAccounts } from "../store/accounts.ts";
import type { LogHealth } from "../store/event-log.ts";
import { openSqliteLog } from "../store/sqlite/log.ts";
import { watchPhones } from "../telephony/ami/phones.ts";
import { openAriGateway } from "../telephony/ari/gateway.ts";
import { recordTone } from "../telephony/asterisk/sounds.ts";
import { AnnouncementSounds, espeak, preparePrompts } from "../telephony/prompts/index.ts";

import { Announcer, clearUploads, uploadFile } from "./announcer.ts";
import { answersEvent, cancelEvent, eventOf } from "./commands.ts";
import { Engine } from "./engine.ts";
import { createLinkServer } from "./link.ts";
import type { AnnouncementCommand } from "./link-protocol.ts";
import { createLogger } from "./logger.ts";
import { createLookUp } from "./look-up.ts";
import { lookUpStores } from "./look-up-stores.ts";
import { watchLoop } from "./loop-watch.ts";
import { Publisher } from "./publisher.ts";
import { recover } from "./recover.ts";
import { RoutingWatch } from "./routing-watch.ts";
import { Secrets } from "./secrets.ts";
import { makeOtherLanguages } from "./sounds.ts";
import { tellSupervisor, untilToldToServe, whenSupervisorEnds } from "./supervised.ts";
import type { LineView } from "./views.ts";

/**
 * The engine's process: one argument, the runtime file. It loads what takes long, and stands by until its supervisor says that it is to
 * serve; only then it opens the log and the line to Asterisk. It ends by SIGTERM, or with its supervisor.
 */

/** How long entries that nobody waits for are gathered, ms: a kill loses at most these, and Asterisk is read back. */
const gatherMs = 5;
const lookAtLogEveryMs = 1_000;
/** How long Asterisk may take to answer at the start before that is told, ms. */
const asteriskPatienceMs = 3_000;
const runtime = readRuntime(process.argv[2]);
const logger = createLogger("engine", runtime.log);
const inState = (name: string) => join(runtime.stateDir, name);

async function main(): Promise<void> {
  const loading = watchLoop(logger);
  const plan = runtime.demo ? alwaysOpen(runtime.plan) : runtime.plan;
  const prompts = await preparePrompts(plan, runtime.planDir, runtime.soundsDir, espeak(runtime.soundTools.espeakNg), {
    sox: runtime.soundTools.sox,
    cacheDir: runtime.cacheDir,
    languages: plan.languages.slice(0, 1),
  });
  // Else Node does it at its end, for up to a second, while the next engine waits for this one to be gone.
  flushCompileCache();
  loading.close();
  await untilToldToServe();

  // Whatever was measured or looked at until now may be weeks old.
  const loop = watchLoop(logger);
  const now = clock();
  const { log, reader, lastSeq } = await openSqliteLog({ file: inState(stateFiles.log), gatherMs });
  const [{ core, replayed }, agents] = await Promise.all([
    recover(reader),
    readAgents().catch(asKontaktlotsError),
    prompts.look(),
  ]);
  // A full disk is no reason to leave callers alone: the log knows the agents as they were.
  if (agents instanceof KontaktlotsError) {
    if (core.agents.size === 0) throw agents;
    logger.error({ code: agents.code, err: agents.cause }, agents.line);
  }
  let lineState: LineView["engine"] = "starting";
  let lineProblem: KontaktlotsError | undefined;
  const publisher = new Publisher(core, lineView(), now);
  const routing = new RoutingWatch(core, logger, (problems) => publisher.setProblems(problems));
  const announcementSounds = new AnnouncementSounds({
    soundsDir: runtime.soundsDir,
    ...runtime.soundTools,
  });
  const announcer = new Announcer({
    core,
    sounds: announcementSounds,
    handle: (event) => engine.handle(event),
    now,
    log: logger,
  });
  const lost = await announcer.restore();
  const stores = lookUpStores(runtime.stateDir);
  const secrets = new Secrets();
  const lookUp = createLookUp({
    ...{ core, now, log: logger, announcer, secrets, officers: stores.officers, matters: stores.matters },
    checkPin: (digits) => withAccounts((accounts) => accounts.checkPin(digits)),
    recording: (call, n) => join(runtime.recordingsDir, `${recordingId(call, n)}.wav`),
  });
  const engine: Engine = new Engine({
    core,
    log,
    lastSeq,
    logger,
    now,
    telephony: (listener) =>
      openAriGateway(
        {
          address: runtime.ari,
          app: runtime.app,
          media: (prompt, language) => announcementSounds.media(prompt, language) ?? prompts.media(prompt, language),
          musicClass: "kontaktlots",
          bedClass: "kontaktlots-bed",
          recordTone,
          isEntry: (number) => core.plan !== null && knownEntry(core.plan, number) !== undefined,
        },
        listener,
      ),
    lookUp: (effect) => lookUp(effect),
    secrets,
    onTurn: (event, turn) => {
      publisher.onTurn(event, turn);
      routing.onTurn(event);
    },
    onLine: (state, problem) => {
      tellLine(state === "connected" ? "serving" : "away", problem);
      if (state === "connected") {
        logger.info({ calls: core.calls.size, replayed }, "Calls are served.");
        tellSupervisor("serving");
      }
    },
    onReplaced: () => {
      logger.fatal({ code: "ARI_REPLACED" }, "Another engine took over; this one ends.");
      tellSupervisor("replaced");
      process.exit(1);
    },
  });
  engine.handle({ type: "plan.set", plan: { ...plan, spoken: prompts.spoken } });
  for (const announcement of lost) engine.handle({ type: "announcement.cleared", announcement, by: "engine" });
  announcer.resume();
  if (!(agents instanceof KontaktlotsError)) engine.handle({ type: "agents.set", agents });
  const phones = watchPhones(runtime.ami, {
    phones: (agent, phones) => engine.handle({ type: "phones", agent, phones }),
    // Only where speech is to be stopped: nothing else comes of it, and the log need not have it.
    keyDown: (call, key) => {
      if (core.calls.get(call)?.playback) engine.handle({ type: "key.down", call, key });
    },
    problem: (error) => logger.warn({ code: error.code }, error.line),
  });
  const link = await createLinkServer({
    path: inState(stateFiles.engineSocket),
    log: logger,
    onCommand: async (command) => {
      if (command.type === "agents-changed") engine.handle({ type: "agents.set", agents: await readAgents() });
      else if (command.type === "cancel-callback") engine.handle(cancelEvent(core, command.call));
      else if (command.type === "survey-answers") engine.handle(answersEvent(command));
      else if (command.type === "announce") await announce(announcer, command, now());
      else if (command.type === "clear-announcement") announcer.clear(command.announcement, command.by);
      else engine.handle(eventOf(core, command));
    },
    fullState: () => publisher.fullState(),
  });
  publisher.serve(link);
  const sounds = makeOtherLanguages({
    plan,
    prompts,
    runtimeFile: process.argv[2] ?? "",
    logger,
    onSpoken: (languages) => engine.handle({ type: "spoken.set", languages }),
  });
  const looks = [setInterval(lookAtLog, lookAtLogEveryMs), setTimeout(lookAtAsterisk, asteriskPatienceMs)];

  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    loop.close();
    const silent = sounds.close();
    for (const look of looks) clearTimeout(look);
    phones.close();
    publisher.close();
    routing.close();
    await link.close();
    await reader.close();
    await stores.close();
    await silent;
    try {
      await engine.close();
      process.exit(0);
    } catch (thrown) {
      // What a full disk did not take by now is lost: at least that is said.
      const error = asKontaktlotsError(thrown);
      logger.fatal({ code: error.code, err: error.cause }, error.line);
      process.exit(1);
    }
  };
  process.on("SIGTERM", () => void end());
  whenSupervisorEnds(() => void end());

  function tellLine(state: LineView["engine"], problem: KontaktlotsError | undefined): void {
    lineState = state;
    lineProblem = problem;
    publisher.setLine(lineView());
  }

  function lineView(): LineView {
    const problems = [lineProblem, logProblem(log.health())].filter((problem) => problem !== undefined);
    return {
      engine: lineState,
      asterisk: lineState === "serving" ? "connected" : "away",
      store: log.health().ok ? "ok" : "degraded",
      problems: problems.map(({ code, message, mend }) => ({ code, message, mend })),
    };
  }

  /** A disk that fills up, and one that has room again, comes by itself: nobody calls. */
  function lookAtLog(): void {
    const problem = logProblem(log.health());
    const told = publisher.line.problems.find(({ code }) => code.startsWith("STORE_"));
    if (problem?.code === told?.code) return;
    publisher.setLine(lineView());
    if (problem) logger.error({ code: problem.code, details: problem.details }, problem.line);
    else logger.warn("The log is written again; what was kept meanwhile is on disk.");
  }

  function lookAtAsterisk(): void {
    if (lineState !== "starting") return;
    const problem = new KontaktlotsError(
      "ASTERISK_UNREACHABLE",
      `Asterisk does not answer at ${runtime.ari.url}.`,
      "It is tried again by itself; look whether Asterisk runs, and whether ARI_URL is right.",
    );
    logger.warn({ code: problem.code }, problem.line);
    tellLine("starting", problem);
  }
}

function logProblem({ code, message = "", backlog }: LogHealth): KontaktlotsError | undefined {
  if (code === undefined) return undefined;
  const mend = code === "STORE_FULL" ? "Make room on the disk" : "Look at the disk, and at the rights on the state folder";
  return new KontaktlotsError(code, `The log cannot be written: ${message}.`, `${mend}; calls go on meanwhile.`, { backlog });
}

function readAgents(): Promise<AgentProfile[]> {
  return withAccounts(async (accounts) =>
    (await accounts.listAgents()).map(({ id, name, competence }) => ({ id, name, competence })),
  );
}

async function withAccounts<T>(ask: (accounts: AccountStore) => Promise<T>): Promise<T> {
  const accounts = await openAccounts({ file: inState(stateFiles.accounts) });
  return await ask(accounts).finally(() => accounts.close());
}

async function announce(
  announcer: Announcer,
  command: Extract<AnnouncementCommand, { type: "announce" }>,
  at: number,
): Promise<void> {
  const { type: _, minutes, recordings: uploads, ...request } = command;
  const files = Object.entries(uploads).map(([language, upload]) => [language, uploadFile(runtime.stateDir, upload)]);
  const until = at + minutes * 60_000;
  await announcer.publish({ ...request, recordings: Object.fromEntries(files), until });
  await clearUploads(runtime.stateDir, Object.values(uploads));
}

/** Wall clock at start, monotonic from there: a clock that is set back moves nothing backwards. */
function clock(): () => number {
  const start = Date.now() - performance.now();
  return () => Math.round(start + performance.now());
}

main().catch((thrown: unknown) => {
  const error = asKontaktlotsError(thrown);
  logger.fatal({ code: error.code, details: error.details, err: error.cause ?? error }, error.line);
  tellSupervisor({ failed: { code: error.code, message: error.message, mend: error.mend } });
  process.exit(1);
});
