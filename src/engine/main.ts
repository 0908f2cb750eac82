import { join } from "node:path";
import { asKontaktlotsError, type KontaktlotsError } from "../core/errors.ts";
import { loadPlan } from "../plans/load.ts";
import { readRuntime, stateFiles } from "../settings/runtime.ts";
import { openAccounts } from "../store/accounts.ts";
import { openSqliteLog } from "../store/sqlite/log.ts";
import { watchPhones } from "../telephony/ami/phones.ts";
import { openAriGateway } from "../telephony/ari/gateway.ts";
import { espeak, preparePrompts } from "../telephony/prompts/index.ts";

import { eventOf } from "./commands.ts";
import { Engine } from "./engine.ts";
import { createLinkServer } from "./link.ts";
import { createLogger } from "./logger.ts";
import { watchLoop } from "./loop-watch.ts";
import { Publisher } from "./publisher.ts";
import { recover } from "./recover.ts";
import { tellSupervisor } from "./supervised.ts";
import type { LineView } from "./views.ts";

/** The engine's process: one argument, the runtime file. It ends by SIGTERM, or with its supervisor. */

/** How long entries that nobody waits for are gathered, ms: a kill loses at most these, and Asterisk is read back. */
const gatherMs = 100;
const runtime = readRuntime(process.argv[2]);
const logger = createLogger("engine", runtime.log);
const inState = (name: string) => join(runtime.stateDir, name);

async function main(): Promise<void> {
  const [{ log, reader, lastSeq }, plan] = await Promise.all([
    openSqliteLog({ file: inState(stateFiles.log), gatherMs }),
    loadPlan(runtime.planDir),
  ]);
  const [{ core, replayed }, prompts, accounts] = await Promise.all([
    recover(reader),
    preparePrompts(plan, runtime.planDir, runtime.soundsDir, espeak(runtime.soundTools.espeakNg), {
      sox: runtime.soundTools.sox,
    }),
    openAccounts({ file: inState(stateFiles.accounts) }),
  ]);
  const now = clock();
  const publisher = new Publisher(core, lineView("starting", undefined), now);
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
          media: (prompt, language) => prompts.media(prompt, language),
          musicClass: "kontaktlots",
        },
        listener,
      ),
    onTurn: (event, turn) => publisher.onTurn(event, turn),
    onLine: (state, problem) => {
      publisher.setLine(lineView(state === "connected" ? "serving" : "away", problem));
      if (state === "connected") {
        logger.info({ calls: core.calls.size, replayed }, "Calls are served.");
        tellSupervisor("serving");
      }
    },
    onReplaced: () => {
      logger.fatal({ code: "ARI_REPLACED" }, "Another engine took over; this one ends.");
      process.exit(1);
    },
  });
  engine.handle({ type: "plan.set", plan });
  engine.handle({
    type: "agents.set",
    agents: (await accounts.listAgents()).map(({ id, name, groups }) => ({ id, name, groups })),
  });
  await accounts.close();
  const phones = watchPhones(runtime.ami, {
    phones: (agent, phones) => engine.handle({ type: "phones", agent, phones }),
    problem: (error) => logger.warn({ code: error.code }, error.line),
  });
  const link = await createLinkServer({
    path: inState(stateFiles.engineSocket),
    log: logger,
    onCommand: async (command) => engine.handle(eventOf(core, command)),
    fullState: () => publisher.fullState(),
  });
  publisher.serve(link);
  const loop = watchLoop(logger);

  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    loop.close();
    phones.close();
    publisher.close();
    await link.close();
    await engine.close();
    await reader.close();
    process.exit(0);
  };
  process.on("SIGTERM", () => void end());
  process.on("disconnect", () => void end());

  function lineView(state: LineView["engine"], problem: KontaktlotsError | undefined): LineView {
    const health = log.health();
    const problems = problem ? [{ code: problem.code, message: problem.message, mend: problem.mend }] : [];
    if (health.code)
      problems.push({ code: health.code, message: health.message ?? "", mend: "Make room on the disk; calls go on meanwhile." });
    return {
      engine: state,
      asterisk: state === "serving" ? "connected" : "away",
      store: health.ok ? "ok" : "degraded",
      problems,
    };
  }
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
