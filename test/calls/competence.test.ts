import { join } from "node:path";
import t from "tap";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openAccounts } from "../../src/store/accounts.ts";
import { generalist } from "../support/competence.ts";
import { type TestSystem, testSystem } from "../support/system.ts";
import { bothHear, citizen, desk, menuNumber } from "./people.ts";

t.setTimeout(240_000);

t.test("a call in English waits for who speaks it, and rings at once with who adds it to their profile", async (t) => {
  const anna = { ...generalist(["b"]), languages: { sv: "native" } } as const;
  const sys = await testSystem(t, { agents: { anna, bo: ["b"] }, withFront: true });
  const annas = await desk(t, sys, "anna");
  await desk(t, sys, "bo");
  await sys.command({ type: "pause", agent: "bo", reason: "lunch" });
  const call = await (await citizen(t, sys)).dial(menuNumber);
  await call.media.press("9");
  await call.media.press("2");
  t.match(await sys.facts("call.queued"), [{ group: "b", language: "en" }]);
  t.equal(sys.link.agents.get("anna")?.state, "available", "she is free, and not asked");

  await setLanguages(sys, "anna", { sv: "native", en: "basic" });
  const leg = await annas.nextCall();
  leg.pickUp();
  call.media.play(440);
  leg.media.play(1000);
  await bothHear(call, leg);
  call.hangUp();
  await leg.ended();
});

/** As the agent's page does it: signs in, and sends the languages. */
async function setLanguages({ stateDir, ports }: TestSystem, agent: string, languages: object): Promise<void> {
  const accounts = await openAccounts({ file: join(stateDir, stateFiles.accounts) });
  await accounts.createUser({ user: agent, name: agent, roles: ["agent"], agent, password: "a password" });
  await accounts.close();
  const origin = `http://127.0.0.1:${ports.spare[0]}`;
  const send = async (method: string, path: string, body: object, cookie = ""): Promise<Response> => {
    const headers = { "content-type": "application/json", origin, cookie };
    const reply = await fetch(origin + path, { method, headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
    return reply;
  };
  const session = await send("POST", "/api/session", { user: agent, password: "a password" });
  await send("PUT", "/api/me/languages", { languages }, session.headers.getSetCookie()[0]?.split(";")[0]);
}
