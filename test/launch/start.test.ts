import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import t from "tap";
import { place, Start } from "./support.ts";

t.setTimeout(180_000);

t.test("first start, second start, Ctrl-C: all that was started ends, and nothing else", async (t) => {
  const [here, there] = await Promise.all([place(t), place(t)]);
  const [one, other] = await Promise.all([Start.run(t, here), Start.run(t, there)]);
  await Promise.all([one.ready(), other.ready()]);
  t.match(await one.health(), { status: 200, ok: true, line: { engine: "serving", asterisk: "connected", store: "ok" } });
  t.match(one.text, /Öppna två fönster \/ open two windows/);
  t.match(one.text, new RegExp(`http://127.0.0.1:${here.env.PORT}/agent`));
  t.match(one.text, /Logga in med \/ log in with:\n +anna +\S{8} /);
  t.match(one.text, new RegExp(`${here.stateDir}/kontaktlots.log`));
  t.notMatch(one.text, /[{}]/, "no log between the words for people");
  t.notMatch(await readFile(join(here.stateDir, "kontaktlots.log"), "utf8"), /STORE_FAILED/, "a first start is no failure");
  const parts = [one.pid("asterisk"), one.pid("engine"), one.pid("front")];
  t.equal(new Set(parts).size, 3);

  one.signal("SIGINT");
  t.same(await one.ended, { code: 0, signal: null });
  t.same(one.left(), []);
  for (const port of [here.env.PORT, here.env.ASTERISK_HTTP_PORT, here.env.AMI_PORT]) await listens(Number(port));
  await binds(Number(here.env.SIP_PORT));
  t.match(await other.health(), { status: 200 }, "the one beside it serves on");

  const again = await Start.run(t, here);
  await again.ready();
  t.match(again.text, passwordOf(one.text), "the same log-ins");
  t.match(await again.health(), { status: 200 });
  again.signal("SIGTERM");
  t.same(await again.ended, { code: 0, signal: null });
  t.same(again.left(), []);
});

t.test("Ctrl-C while it starts: nothing is left of what was started by then", async (t) => {
  const here = await place(t);
  const start = await Start.run(t, here);
  while (!start.processes().some(({ command }) => command.includes("asterisk.conf"))) {
    if (start.text.includes("takes calls")) throw new Error("It was too quick to be caught.");
    await delay(5);
  }
  start.signal("SIGINT");
  await start.ended;
  t.match(start.text, /Avslutar/);
  t.notMatch(start.text, /takes calls|INTERNAL/);
  t.same(start.left(), []);
});

t.test(
  "a second start on the same folder is refused and harms nothing; one after a killed supervisor takes Asterisk over",
  async (t) => {
    const here = await place(t);
    const first = await Start.run(t, here);
    await first.ready();
    const second = await Start.run(t, here);
    t.equal((await second.ended).code, 1);
    t.match(second.text, /^STORE_LOCKED: Kontaktlots already runs on .*state\. .*STATE_DIR/);
    t.match(await first.health(), { status: 200 });

    first.processes();
    first.signal("SIGKILL");
    await first.ended;
    while (first.left().length > 1) await delay(10);
    t.match(first.left(), [/asterisk/], "the engine and the front go with their supervisor, Asterisk and its calls stay");
    const third = await Start.run(t, here);
    await third.ready();
    t.match(await third.health(), { status: 200 });
    third.signal("SIGINT");
    t.same(await third.ended, { code: 0, signal: null });
    t.same(third.left(), [], "Asterisk ends with the one that took it over");
  },
);

t.test("the supervisor is killed while its engine starts: the engine does not stay behind", async (t) => {
  const here = await place(t);
  const first = await Start.run(t, here);
  while (!first.processes().some(({ command }) => command.includes("engine/main.ts"))) await delay(5);
  first.signal("SIGKILL");
  await first.ended;
  while (first.left().some((command) => /main\.ts/.test(command))) await delay(10);
  const second = await Start.run(t, here);
  await second.ready();
  second.signal("SIGINT");
  await second.ended;
  t.same(second.left(), []);
});

/** The line of the first log-in. */
function passwordOf(text: string): RegExp {
  return new RegExp(/^ +anna +(\S+) /m.exec(text)?.[0] ?? "no log-in");
}

async function listens(port: number): Promise<void> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  server.close();
}

async function binds(port: number): Promise<void> {
  const socket = createSocket("udp4").bind(port, "127.0.0.1");
  await once(socket, "listening");
  socket.close();
}
