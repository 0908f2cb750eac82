import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { asKontaktlotsError, KontaktlotsError } from "../core/errors.ts";
import type { Plan } from "../core/plan/plan.ts";
import { LinkClient } from "../engine/link-client.ts";
import { createLogger } from "../engine/logger.ts";
import { tellSupervisor, whenSupervisorEnds } from "../engine/supervised.ts";
import { openSmtp } from "../matters/smtp.ts";
import { type TendDeps, tendMatters } from "../matters/tend.ts";
import type { Tending } from "../outbox/tend.ts";
import { readRuntime, stateFiles } from "../settings/runtime.ts";
import { logFigures } from "../stats/log-figures.ts";
import { openAccounts } from "../store/accounts.ts";
import type { LogReader } from "../store/event-log.ts";
import type { MatterStore } from "../store/matter-port.ts";
import type { OfficerDirectory } from "../store/officer-port.ts";
import { openMatters } from "../store/sqlite/matters.ts";
import { openOfficers } from "../store/sqlite/officers.ts";
import { openSqliteReader } from "../store/sqlite/reader.ts";
import { openSurveys } from "../store/sqlite/surveys.ts";
import type { SurveyStore } from "../store/survey-port.ts";
import { openHttpGateway } from "../surveys/http-gateway.ts";
import { tendSurveys } from "../surveys/tend.ts";
import { storedRecordings } from "../telephony/recordings.ts";
import { announcementDesk } from "./announcement-desk.ts";
import { readDemoLogins } from "./demo-file.ts";
import { createFront } from "./front.ts";

/** The front's process: one argument, the runtime file. It ends by SIGTERM, or with its supervisor; engines come and go meanwhile. */

const runtime = readRuntime(process.argv[2]);
const log = createLogger("front", runtime.log);
const inState = (name: string): string => join(runtime.stateDir, name);
const webDir = fileURLToPath(new URL("../web/dist", import.meta.url));

async function main(): Promise<void> {
  const { plan } = runtime;
  const [accounts, matters, officers, surveys] = await Promise.all([
    openAccounts({ file: inState(stateFiles.accounts) }),
    openMatters({ file: inState(stateFiles.matters) }),
    openOfficers({ file: inState(stateFiles.officers) }),
    openSurveys({ file: inState(stateFiles.surveys) }),
  ]);
  const reader = openSqliteReader({ file: inState(stateFiles.log) });
  const link = new LinkClient({ path: inState(stateFiles.engineSocket), log });
  const { demo, http } = runtime;
  let ending = false;
  // What is made from the log begins with the engine: at the very first start there is no log before it.
  const tended: Tending[] = [];
  link.once("up", () => {
    if (ending) return;
    tended.push(tendMatters(matterRoom(plan, matters, officers, reader)));
    const asking = tendingOf(plan, surveys, reader);
    if (asking) tended.push(asking);
  });
  // The engine tells the board anew after whatever happens.
  link.on("message", ({ type }) => {
    if (type === "board") for (const one of tended) one.wake();
  });
  const front = await createFront({
    log,
    link,
    accounts,
    agents: accounts,
    plan,
    figures: logFigures(reader, plan),
    announcements: announcementDesk(runtime),
    matters,
    officers,
    surveys,
    recordingsDir: inState(stateFiles.recordings),
    phones: {
      agent: async (id) => (await accounts.listAgents()).find((agent) => agent.id === id)?.webrtcSecret,
      citizen: async () => demo?.citizenSecret,
    },
    demo: demo && { logins: () => readDemoLogins(inState(stateFiles.demo)) },
    asteriskUrl: new URL(runtime.ari.url).origin,
    sipDomain: runtime.sipDomain,
    trustedProxies: http.trustedProxies,
    webDir,
  });
  if (!existsSync(join(webDir, "index.html"))) log.warn("The pages are not built; `npm start` builds them.");

  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await front.close();
    link.close();
    await Promise.all(tended.map((one) => one.close()));
    await reader.close();
    await matters.close();
    await officers.close();
    await surveys.close();
    await accounts.close();
    process.exit(0);
  };
  process.on("SIGTERM", () => void end());
  whenSupervisorEnds(() => void end());
  await listen(front, http);
  tellSupervisor("serving");
}

/** Matters are made from the log, their recordings kept here, and their owners written to when there is a mail server. */
function matterRoom(plan: Plan, store: MatterStore, officers: OfficerDirectory, reader: LogReader): TendDeps {
  const { timezone } = plan;
  const post = runtime.mail && openSmtp(runtime.mail);
  return {
    ...{ reader, store, timezone, log, now: Date.now },
    folder: inState(stateFiles.recordings),
    source: storedRecordings(runtime.ari),
    mailTo: async ({ group, officer }) => {
      if (!post) return undefined;
      const person = officer === undefined ? undefined : await officers.find(officer, Date.now());
      return person?.email ?? plan.groups[group]?.email;
    },
    letters: post && { store, post, timezone, pagesUrl: runtime.pagesUrl, log, now: Date.now },
  };
}

/** Links to surveys are sent when there is a gateway for text messages; those that went out can be answered by all the same. */
function tendingOf({ city }: Plan, surveys: SurveyStore, reader: LogReader): Tending | undefined {
  const { sms, pagesUrl } = runtime;
  if (sms === undefined || pagesUrl === undefined) return undefined;
  return tendSurveys({ surveys, reader, texts: openHttpGateway(sms), city, pagesUrl, log, now: Date.now });
}

async function listen(front: Awaited<ReturnType<typeof createFront>>, http: { host: string; port: number }): Promise<void> {
  try {
    await front.listen(http);
  } catch (error) {
    throw new KontaktlotsError(
      "PORT_TAKEN",
      `The pages cannot be served at ${http.host}, port ${http.port}.`,
      "End what uses that port, or set PORT (and HOST) to another.",
      http,
      error,
    );
  }
}

main().catch((thrown: unknown) => {
  const { code, message, mend, details, line, cause } = asKontaktlotsError(thrown);
  log.fatal({ code, details, err: cause ?? thrown }, line);
  tellSupervisor({ failed: { code, message, mend } });
  process.exit(1);
});
