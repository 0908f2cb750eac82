import t from "tap";
import { stopAll } from "../../src/launch/stop-all.ts";

t.test("the last is ended first, and one that cannot be ended keeps no other running", async (t) => {
  const ended: string[] = [];
  const part = (name: string) => async () => void ended.push(name);
  const stuck = (name: string) => async () => Promise.reject(new Error(name));
  await t.rejects(stopAll([part("log"), stuck("Asterisk"), part("engine"), stuck("front")]), { message: "front" });
  t.strictSame(ended, ["engine", "log"]);
  await stopAll([part("again")]);
  t.strictSame(ended, ["engine", "log", "again"]);
});
