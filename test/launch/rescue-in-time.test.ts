import { EventEmitter } from "node:events";
import { pino } from "pino";
import t from "tap";
import type { Keeper } from "../../src/launch/keeper.ts";
import { rescueAfter } from "../../src/launch/rescue.ts";
import type { Runtime } from "../../src/settings/runtime.ts";
import { appsOf } from "../../src/telephony/apps.ts";
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
  asked.add({
    what: `${method} ${String(url).split("/").slice(3, 5).join("/")}`,
    answer: resolve,
    fail: () => reject(new Error("no answer")),
  });
  return promise;
};
const callsOf = (what: string) => asked.all.filter((one) => one.what === what).length;
/** Whatever was to be done after `afterMs` from now at the latest has begun. */
const later = () => new Promise((resolve) => setTimeout(resolve, afterMs + 1));

const apps = appsOf("app");
const ofCalls = `GET applications/${apps.calls}`;

async function answerAll(question: (what: string) => Promise<Question>, callers: string[], bridges: object[]) {
  (await question(ofCalls)).answer(Response.json({ channel_ids: callers }));
  (await question(`GET applications/${apps.outside}`)).answer(Response.json({ channel_ids: [] }));
  (await question("GET channels")).answer(Response.json([]));
  (await question("GET bridges")).answer(Response.json(bridges));
}

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
  const application = await question(ofCalls);
  engine.emit("serving");
  const before = callsOf(ofCalls);
  application.fail();
  await told.when("the failure", (line) => line.includes("ASTERISK_UNREACHABLE"));
  await later();
  t.equal(callsOf(ofCalls), before);
  rescue.close();
});

t.test("it comes back while Asterisk is asked, which then names those who wait: they are left to it", async (t) => {
  const { engine, rescue, question } = away();
  await question("GET bridges");
  engine.emit("serving");
  await answerAll(question, ["c1"], []);
  await later();
  t.equal(callsOf("POST channels/c1"), 0);
  rescue.close();
});

t.test("it does not come back: it is tried until Asterisk answers, and those who wait are handed over", async (t) => {
  const { rescue, question, told } = away();
  (await question(ofCalls)).fail();
  await told.when("the failure", (line) => line.includes("ASTERISK_UNREACHABLE"));
  const from = asked.all.length;
  const again = (what: string) => asked.when(what, (one) => one.what === what, from);
  await answerAll(again, ["c1", "c1-o1", "c2", "c2-o1"], [{ id: "talk", channels: ["c2", "c2-o1"] }]);
  (await again("POST channels/c1")).answer(new Response(null, { status: 204 }));
  await told.when("that they were", (line) => line.includes('"callers":1'));
  t.equal(asked.all.filter(({ what }) => what.startsWith("POST")).length, 1, "who talks is left alone");
  rescue.close();
});
