import { fork } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { EngineWord, SupervisorWord } from "../../src/engine/supervised.ts";
import { type Runtime, stateFiles } from "../../src/settings/runtime.ts";
import { Phone } from "../support/sip/phone.ts";
import { type Place, place, remoteSettings, root, Start } from "./support.ts";

/** Two that use one Asterisk do not take it from each other for ever: one of them ends, says why, and harms no call. */

t.setTimeout(240_000);

t.test("a second system on the same Asterisk ends, and the one that runs the Asterisk serves on", async (t) => {
  const [here, there] = await Promise.all([place(t), place(t)]);
  const first = await Start.run(t, here);
  await first.ready();
  const second = await Start.run(t, there, remoteSettings(await runtimeOf(here)));
  t.equal((await second.ended).code, 1);
  t.match(second.text, /^ARI_REPLACED: .* again and again; .*end the other one/m);
  t.same(second.left(), []);

  await first.untilHealth("well", (health) => health?.status === 200);
  const citizen = await Phone.open({
    user: "0701740605",
    server: { address: "127.0.0.1", port: here.ports.sip },
    address: "127.0.0.2",
  });
  t.teardown(() => citizen.close());
  const call = await citizen.dial("0846500400");
  await call.gets("200 INVITE");
  await call.media.hearsSomething();
  call.hangUp();
  t.match(await first.health(), { status: 200 });
  first.signal("SIGINT");
  t.same(await first.ended, { code: 0, signal: null });
});

t.test("the one that runs the Asterisk yields to who comes a third time, and leaves the calls to it", async (t) => {
  const here = await place(t);
  const first = await Start.run(t, here);
  await first.ready();
  for (const time of [1, 2, 3]) {
    const { ended } = await rival(t, here, time);
    if (time === 3) break;
    // The supervisor starts its engine again, which takes the place back.
    t.equal(await ended, 1, `rival ${time} is replaced`);
    await first.untilHealth("well again", (health) => health?.status === 200);
  }
  t.equal((await first.ended).code, 1);
  t.match(first.text, /^ARI_REPLACED: /m);
  t.match(first.left(), [/asterisk\.conf/], "Asterisk and its calls stay");

  const again = await Start.run(t, here);
  await again.ready();
  t.match(await again.health(), { status: 200 }, "the next start has them again");
  again.signal("SIGINT");
  t.same(await again.ended, { code: 0, signal: null });
  t.same(again.left(), []);
});

async function runtimeOf({ stateDir }: Place): Promise<Runtime> {
  return JSON.parse(await readFile(join(stateDir, stateFiles.runtime), "utf8")) as Runtime;
}

/** An engine of somebody else on the place's Asterisk, with a log of its own; resolves when it serves, or was replaced before it could. */
async function rival(t: Test, here: Place, time: number): Promise<{ ended: Promise<number | null> }> {
  const stateDir = join(here.stateDir, `rival-${time}`);
  await mkdir(stateDir);
  await copyFile(join(here.stateDir, stateFiles.accounts), join(stateDir, stateFiles.accounts));
  const file = join(stateDir, stateFiles.runtime);
  await writeFile(file, JSON.stringify({ ...(await runtimeOf(here)), stateDir }));
  const child = fork(join(root, "src/engine/main.ts"), [file], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  child.send("serve" satisfies SupervisorWord);
  const exited = once(child, "exit").then(([code]) => code as number | null);
  t.teardown(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  const taken: EngineWord[] = ["serving", "replaced"];
  await new Promise<void>((resolve) => child.on("message", (word: EngineWord) => taken.includes(word) && resolve()));
  return { ended: exited };
}
