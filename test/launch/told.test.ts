import { statSync, truncateSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { Notices } from "../../src/launch/notices.ts";
import { openOutput } from "../../src/launch/output.ts";
import { pagesUrl, welcome } from "../../src/launch/welcome.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import { place, Start } from "./support.ts";

t.setTimeout(120_000);

t.test("a problem is told once; another one with the same code later; all anew after all was well", async (t) => {
  const said: string[] = [];
  let now = 0;
  const notices = new Notices(
    (line) => said.push(line.replace(/^\S+ /, "")),
    () => now,
  );
  notices.show("engine", "ARI_REFUSED: one.");
  notices.show("engine", "ARI_REFUSED: another.");
  notices.show("front", "No code.");
  notices.show("front", "No code.");
  now = 11_000;
  notices.show("engine", "ARI_REFUSED: one.");
  notices.show("engine", "ARI_REFUSED: a third.");
  t.same(said.splice(0), ["engine ARI_REFUSED: one.", "front  No code.", "engine ARI_REFUSED: a third."]);
  notices.forget();
  notices.show("engine", "ARI_REFUSED: a third.");
  now = 700_000;
  notices.show("engine", "ARI_REFUSED: a third.");
  t.equal(said.length, 2);
});

t.test("the welcome says where to click and as whom; without the demo, nothing of it", async (t) => {
  const logins = [
    { user: "anna", password: "secret-1", name: "Anna Lindström", roles: ["agent"] as const },
    { user: "lena", password: "secret-2", name: "Lena Norberg", roles: ["lead", "admin"] as const },
  ];
  const url = pagesUrl({ host: "0.0.0.0", port: 8080 });
  t.equal(url, "http://localhost:8080");
  t.equal(pagesUrl({ host: "::1", port: 80 }), "http://[::1]:80");
  const lines = welcome({ url, demo: true, logins, logFile: "/x/kontaktlots.log", seconds: 4.23 }).join("\n");
  for (const part of [
    "(4.2 s)",
    `${url}/phone`,
    `${url}/agent`,
    "handläggare / agent",
    "teamledare / team lead",
    "/x/kontaktlots.log",
  ]) {
    t.ok(lines.includes(part), part);
  }
  const bare = welcome({ url, demo: false, logins: [], logFile: undefined, seconds: 1 }).join("\n");
  t.notMatch(bare, /phone|log in|Logg/);
  t.match(bare, /Ctrl-C/);
});

t.test("a log that has grown long is put aside when it is opened", async (t) => {
  const stateDir = t.testdir({ [stateFiles.lines]: "" });
  const file = join(stateDir, stateFiles.lines);
  truncateSync(file, 21 * 1024 * 1024);
  const output = await openOutput({ stateDir, log: { level: "info", format: "text" } });
  t.equal(statSync(`${file}.1`).size, 21 * 1024 * 1024);
  output.log.info("after");
  await output.close();
  t.match(await readFile(file, "utf8"), /^{.*"msg":"after"}\n$/);
});

t.test("LOG_FORMAT=json: every line of standard output is JSON, from all three processes", async (t) => {
  const here = await place(t);
  const start = await Start.run(t, here, { LOG_FORMAT: "json", LOG_LEVEL: "info" });
  await start.lines.when("all serve", (line) => line.includes('"All serve."'), 0, 60_000);
  process.kill(start.pid("engine"), "SIGKILL");
  await start.lines.when("its return", (line) => line.includes("The engine serves calls again"));
  start.signal("SIGINT");
  t.equal((await start.ended).code, 0);
  const lines = start.lines.all.map((line) => JSON.parse(line) as { name: string; code?: string });
  t.same([...new Set(lines.map(({ name }) => name))].sort(), ["engine", "front", "system"]);
  t.ok(lines.some(({ name, code }) => name === "system" && code === "ENGINE_AWAY"));
});
