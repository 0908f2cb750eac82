import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { asKontaktlotsError, KontaktlotsError } from "../core/errors.ts";
import { LinkClient } from "../engine/link-client.ts";
import { createLogger } from "../engine/logger.ts";
import { tellSupervisor, whenSupervisorEnds } from "../engine/supervised.ts";
import { loadPlan } from "../plans/load.ts";
import { readRuntime, stateFiles } from "../settings/runtime.ts";
import { logFigures } from "../stats/log-figures.ts";
import { openAccounts } from "../store/accounts.ts";
import { openSqliteReader } from "../store/sqlite/reader.ts";
import { announcementDesk } from "./announcement-desk.ts";
import { readDemoLogins } from "./demo-file.ts";
import { createFront } from "./front.ts";

/** The front's process: one argument, the runtime file. It ends by SIGTERM, or with its supervisor; engines come and go meanwhile. */

const runtime = readRuntime(process.argv[2]);
const log = createLogger("front", runtime.log);
const inState = (name: string): string => join(runtime.stateDir, name);
const webDir = fileURLToPath(new URL("../web/dist", import.meta.url));

async function main(): Promise<void> {
  const [plan, accounts] = await Promise.all([loadPlan(runtime.planDir), openAccounts({ file: inState(stateFiles.accounts) })]);
  const reader = openSqliteReader({ file: inState(stateFiles.log) });
  const link = new LinkClient({ path: inState(stateFiles.engineSocket), log });
  const { demo, http } = runtime;
  const front = await createFront({
    log,
    link,
    accounts,
    agents: accounts,
    plan,
    figures: logFigures(reader, plan),
    announcements: announcementDesk(runtime),
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

  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await front.close();
    link.close();
    await reader.close();
    await accounts.close();
    process.exit(0);
  };
  process.on("SIGTERM", () => void end());
  whenSupervisorEnds(() => void end());
  await listen(front, http);
  tellSupervisor("serving");
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
