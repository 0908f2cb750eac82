import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { createLinkServer } from "../../src/engine/link.ts";
import type { EngineWord } from "../../src/engine/supervised.ts";
import { loadPlan } from "../../src/plans/load.ts";
import { type Runtime, stateFiles } from "../../src/settings/runtime.ts";
import { openAccounts } from "../../src/store/accounts.ts";
import { openSqliteLog } from "../../src/store/sqlite/log.ts";
import { generalist } from "../support/competence.ts";
import { takePorts } from "../support/ports.ts";
import { line, Page, silent } from "./support.ts";

const program = fileURLToPath(new URL("../../src/api/main.ts", import.meta.url));
const planDir = fileURLToPath(new URL("../../dialplans/stockholm", import.meta.url));

/** A state folder as the launcher leaves it. */
async function stateFolder(t: Test) {
  const stateDir = mkdtempSync(join(tmpdir(), "kl-front-"));
  t.teardown(() => rmSync(stateDir, { recursive: true }));
  const ports = await takePorts();
  t.teardown(() => ports.release());
  const [port = 0, unused = 0] = ports.spare;
  const runtime: Runtime = {
    planDir,
    plan: await loadPlan(planDir),
    stateDir,
    cacheDir: stateDir,
    soundsDir: stateDir,
    recordingsDir: stateDir,
    soundTools: { espeakNg: "espeak-ng", sox: "sox" },
    app: "kontaktlots",
    ari: { url: `http://127.0.0.1:${unused}/ari`, username: "u", password: "p" },
    ami: { host: "127.0.0.1", port: unused, username: "u", password: "p" },
    sipDomain: "127.0.0.1",
    http: { host: "127.0.0.1", port, trustedProxies: [] },
    demo: { citizenSecret: "citizen-secret" },
    log: { level: "warn", format: "json" },
  };
  const accounts = await openAccounts({ file: join(stateDir, stateFiles.accounts) });
  await accounts.createAgent({ id: "anna", name: "Anna", competence: generalist([]), webrtcSecret: "anna-secret" });
  await accounts.createUser({ user: "anna", name: "Anna", roles: ["agent", "lead"], agent: "anna", password: "a password" });
  await accounts.close();
  const demo = {
    citizenSecret: "citizen-secret",
    logins: [{ user: "anna", password: "a password", name: "Anna", roles: ["agent"] }],
  };
  writeFileSync(join(stateDir, stateFiles.demo), JSON.stringify(demo));
  const runtimeFile = join(stateDir, stateFiles.runtime);
  writeFileSync(runtimeFile, JSON.stringify(runtime));
  return { stateDir, runtimeFile, port, host: `127.0.0.1:${port}` };
}

function start(t: Test, runtimeFile: string) {
  const child = fork(program, [runtimeFile], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  t.teardown(() => child.kill("SIGKILL"));
  let output = "";
  child.stdout?.on("data", (data) => (output += data));
  return { child, output: () => output };
}

async function firstWord(child: ChildProcess): Promise<EngineWord> {
  const [word] = await once(child, "message");
  return word;
}

t.test("the front as a process: serves with and without an engine, signs people in, and ends when told", async (t) => {
  const { stateDir, runtimeFile, host } = await stateFolder(t);
  const { child, output } = start(t, runtimeFile);
  t.equal(await firstWord(child), "serving");
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`http://${host}${path}`, {
      ...init,
      headers: { origin: `http://${host}`, "content-type": "application/json", ...init.headers },
    });

  const away = await ask("/health");
  t.equal(away.status, 503);
  t.match(await away.json(), { ok: false, line: { engine: "away", problems: [{ code: "ENGINE_AWAY" }] } });
  t.match(await (await ask("/api/demo")).json(), { logins: [{ user: "anna" }] });
  t.match(await (await ask("/api/demo/phone", { method: "POST", body: "{}" })).json(), { user: "citizen", domain: "127.0.0.1" });
  t.match(await (await ask("/api/plan")).json(), { city: /./ });

  const body = JSON.stringify({ user: "Anna", password: "a password" });
  const signedIn = await ask("/api/session", { method: "POST", body });
  t.match(await signedIn.json(), { user: "anna", agent: "anna", roles: ["agent", "lead"] });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  t.match(await (await ask("/api/agent/phone", { headers: { cookie } })).json(), { user: "a-anna", password: "anna-secret" });
  const period = "/api/statistics?from=2026-11-01&to=2026-11-07";
  t.equal((await ask(period, { headers: { cookie } })).status, 503, "no log yet");

  const page = new Page(t, host, "?phone=1", { cookie });
  await page.until((message) => message.type === "line" && message.line.engine === "away");
  const { log, reader } = await openSqliteLog({ file: join(stateDir, stateFiles.log) });
  const engine = await createLinkServer({
    path: join(stateDir, stateFiles.engineSocket),
    log: silent,
    onCommand: async () => {},
    fullState: () => [{ type: "line", line }],
  });
  await page.until((message) => message.type === "line" && message.line.engine === "serving");
  t.equal((await ask("/health")).status, 200);
  const figures = await ask(period, { headers: { cookie } });
  t.equal(figures.status, 200);
  t.match(await figures.json(), { from: "2026-11-01", rows: [], totals: [{ group: "*", availability: { value: null } }] });
  const command = await ask("/api/agent/command", { method: "POST", headers: { cookie }, body: '{"type":"available"}' });
  t.equal(command.status, 204);

  const exited = once(child, "exit");
  child.kill("SIGTERM");
  t.same(await exited, [0, null]);
  t.equal((await page.closed).code, 1001);
  t.notMatch(output(), /secret|a password/);
  await engine.close();
  await log.close();
  await reader.close();
});

t.test("a port that is taken is told with its code", async (t) => {
  const { runtimeFile, port } = await stateFolder(t);
  const other = createServer().listen(port, "127.0.0.1");
  t.teardown(() => other.close());
  await once(other, "listening");
  const { child, output } = start(t, runtimeFile);
  const [word, [code]] = await Promise.all([firstWord(child), once(child, "exit")]);
  t.match(word, { failed: { code: "PORT_TAKEN", mend: /PORT/ } });
  t.equal(code, 1);
  t.match(output(), /PORT_TAKEN/);
});

t.test("the front ends with its supervisor", async (t) => {
  const { runtimeFile } = await stateFolder(t);
  const { child } = start(t, runtimeFile);
  await firstWord(child);
  const exited = once(child, "exit");
  child.disconnect();
  t.same(await exited, [0, null]);
});
