import { setTimeout as delay } from "node:timers/promises";
import t from "tap";
import { type Part, place, Start } from "./support.ts";

/** What ends under the supervisor is started again, /health tells it meanwhile, and the terminal has one line for it. */

t.setTimeout(180_000);
const here = await place(t);
// One that stands by is there before anybody can ask.
const start = await Start.run(t, here, { STAND_BY: "false" });
await start.ready();

/** Ends a part; waits until /health tells, and until all serve again; returns what the terminal said. */
async function end(part: Part, signal: NodeJS.Signals, tells: Parameters<Start["untilHealth"]>[1]): Promise<string> {
  const from = start.lines.all.length;
  const pid = start.pid(part);
  process.kill(pid, signal);
  await start.untilHealth(`telling of the ${part}`, tells);
  await start.untilHealth("well again", (health) => health?.status === 200);
  if (start.pid(part) === pid) throw new Error(`The ${part} is the same as before.`);
  return start.lines.all.slice(from).join("\n");
}

const tellsCode =
  (code: string): Parameters<Start["untilHealth"]>[1] =>
  (health) =>
    health?.status === 503 && health.line.problems.some((problem) => problem.code === code);

t.test("the engine is killed", async (t) => {
  const said = await end("engine", "SIGKILL", tellsCode("ENGINE_AWAY"));
  t.match(said, /system ENGINE_AWAY: The engine ended \(SIGKILL\); it is started again/);
  await start.lines.when("its return", (line) => line.startsWith("The engine serves calls again"));
});

t.test("the engine freezes: it is ended, and started again", async (t) => {
  const said = await end("engine", "SIGSTOP", tellsCode("ENGINE_AWAY"));
  t.match(said, /ENGINE_STALLED: The engine ended \(it stood still\)/);
});

t.test("the supervisor itself stands still for a while: it does not blame the engine for it", async (t) => {
  const pid = start.pid("engine");
  start.signal("SIGSTOP");
  // Here time itself is what happens: longer than an engine may stand still, and then some looks at it.
  await delay(2_500);
  start.signal("SIGCONT");
  await delay(500);
  t.equal(start.pid("engine"), pid);
  await start.untilHealth("well", (health) => health?.status === 200);
  t.equal(start.pid("engine"), pid);
});

t.test("the front is killed: nobody answers at /health until it is there again", async (t) => {
  const engine = start.pid("engine");
  const said = await end("front", "SIGKILL", (health) => health === undefined);
  t.match(said, /The front ended \(SIGKILL\)/);
  t.equal(start.pid("engine"), engine, "the engine is not touched");
});

t.test("Asterisk is killed: it is started again, and the same engine serves on", async (t) => {
  const engine = start.pid("engine");
  const said = await end("asterisk", "SIGKILL", tellsCode("ARI_LINK_LOST"));
  t.match(said, /ASTERISK_UNREACHABLE: Asterisk ended/);
  await start.lines.when("its return", (line) => line.startsWith("Asterisk runs again"));
  t.equal(start.pid("engine"), engine);
});

t.test("and still Ctrl-C ends it all", async (t) => {
  start.processes();
  start.signal("SIGINT");
  t.same(await start.ended, { code: 0, signal: null });
  t.same(start.left(), []);
});
