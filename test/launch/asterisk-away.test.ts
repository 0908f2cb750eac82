import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import t from "tap";
import type { LineView } from "../../src/engine/views.ts";
import type { Call } from "../support/sip/call.ts";
import { Phone } from "../support/sip/phone.ts";
import { testSystem } from "../support/system.ts";

t.setTimeout(120_000);

t.test("Asterisk dies with calls: they are recorded as ended, nobody is stuck, the next call goes through", async (t) => {
  const sys = await testSystem(t, { agents: { anna: ["b"] } });
  const desk = await Phone.open({ user: "d-anna", server: sys.server, password: sys.secrets.get("anna")?.desk ?? "" });
  const citizen = await Phone.open({ user: "0701740605", server: sys.server, address: "127.0.0.2" });
  t.teardown(() => {
    desk.close();
    citizen.close();
  });
  await desk.register();
  await sys.agent("anna", (view) => view.reachable);
  await sys.command({ type: "available", agent: "anna" });
  const talk = async (): Promise<Call> => {
    const call = await citizen.dial("0846500401");
    const leg = await desk.nextCall();
    leg.pickUp();
    call.media.play(440);
    await leg.media.hears(440);
    return call;
  };
  await talk();
  const waiting = await citizen.dial("0846500401");
  await waiting.gets("200 INVITE");
  await sys.facts("call.queued", 2);

  // Asterisk puts registrations on disk once a second; one that is younger would have to wait until the phone comes again.
  while (existsSync(join(sys.stateDir, "asterisk/db/astdb.sqlite3-journal"))) await delay(20);
  const { asterisk } = sys.system;
  if (!asterisk?.pid) throw new Error("There is no Asterisk.");
  const again = once(asterisk, "serving");
  process.kill(asterisk.pid, "SIGKILL");
  // As it was told: by the time it is looked at, Asterisk may be there again.
  const away = await new Promise<LineView>((resolve) =>
    sys.link.on("message", (message) => message.type === "line" && message.line.asterisk === "away" && resolve(message.line)),
  );
  t.match(away, { engine: "away", problems: [{ code: "ARI_LINK_LOST" }] });
  await again;

  const ended = await sys.facts("call.ended", 2);
  t.same(ended.map(({ stage }) => stage).sort(), ["queue", "talk"]);
  t.match(await sys.facts("call.abandoned"), [{ group: "b" }]);
  t.match(await sys.facts("engine.recovered", 2), [{ lost: 0 }, { lost: 2, calls: 0 }]);
  await sys.agent("anna", (view) => view.state === "available" && view.reachable);
  (await talk()).hangUp();
});
