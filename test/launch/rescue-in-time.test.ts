import { EventEmitter } from "node:events";
import { pino } from "pino";
import t from "tap";
import type { Keeper } from "../../src/launch/keeper.ts";
import { rescueAfter } from "../../src/launch/rescue.ts";
import type { Runtime } from "../../src/settings/runtime.ts";
import { Journal } from "../support/sip/journal.ts";

/** An engine that comes back while its callers are about to be handed over: they are its own again. Asterisk is the test's. */

const runtime = { ari: { url: "http://ari", username: "a", password: "b" }, app: "app" } as unknown as Runtime;
const afterMs = 1;

interface Question {
  readonly what: string;
  readonly answer: (reply: Response) => void;
  readonly fail: () => void;
}
const asked = new Journal<Question>("ARI", ({ what }) => what);
globalThis.fetch = (url, { method = "GET" } = {}) => {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  asked.add({ what: `${method} ${String(url).split("/")[3]}`, answer: resolve, fail: () => reject(new Error("no answer")) });
  return promise;
};
const callsOf = (what: string) => asked.all.filter((one) => one.what === what).length;
/** Whatever was to be done after `afterMs` from now at the latest has begun. */
const later = () => new Promise((resolve) => setTimeout(resolve, afterMs + 1));

function away() {
  const engine = new EventEmitter();
  const told = new Journal<string>("log");
  const log = pino({ level: "error" }, { write: (line: string) => told.add(line) });
  const rescue = rescueAfter(engine as Keeper, runtime, log, afterMs);
  const from = asked.all.length;
  engine.emit("ended");
  const question = (what: string) => asked.when(what, (one) => one.what === what, from);
  return { engine, told, rescue, question };
}

t.test("it comes back while Asterisk is asked, and Asterisk does not answer: nobody is handed over later", async (t) => {
  const { engine, told, rescue, question } = away();
  const application = await question("GET applications");
  engine.emit("serving");
  const before = callsOf("GET applications");
  application.fail();
  await told.when("the failure", (line) => line.includes("ASTERISK_UNREACHABLE"));
  await later();
  t.equal(callsOf("GET applications"), before);
  rescue.close();
});

t.test("it comes back while Asterisk is asked, which then names those who wait: they are left to it", async (t) => {
  const { engine, rescue, question } = away();
  const [application, bridges] = [await question("GET applications"), await question("GET bridges")];
  engine.emit("serving");
  application.answer(Response.json({ channel_ids: ["c1"] }));
  bridges.answer(Response.json([]));
  await later();
  t.equal(callsOf("POST channels"), 0);
  rescue.close();
});

t.test("it does not come back: it is tried until Asterisk answers, and those who wait are handed over", async (t) => {
  const { rescue, question, told } = away();
  (await question("GET applications")).fail();
  await told.when("the failure", (line) => line.includes("ASTERISK_UNREACHABLE"));
  const from = asked.all.length;
  const again = (what: string) => asked.when(what, (one) => one.what === what, from);
  (await again("GET applications")).answer(Response.json({ channel_ids: ["c1", "c1-o1", "c2", "c2-o1"] }));
  (await again("GET bridges")).answer(Response.json([{ channels: ["c2", "c2-o1"] }]));
  (await again("POST channels")).answer(new Response(null, { status: 204 }));
  await told.when("that they were", (line) => line.includes('"callers":1'));
  t.equal(callsOf("POST channels"), 1, "who talks is left alone");
  rescue.close();
});
