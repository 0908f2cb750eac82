import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import t from "tap";
import { stateFiles } from "../../src/settings/runtime.ts";
import { testAsterisk } from "../support/asterisk.ts";
import { takePorts } from "../support/ports.ts";
import { place, remoteSettings, Start } from "./support.ts";

t.setTimeout(120_000);

t.test(
  "an Asterisk of one's own, reached by settings: a wrong password is told and no storm, the right one serves",
  async (t) => {
    const { instance, running } = await testAsterisk(t);
    const here = await place(t);
    const settings = remoteSettings(instance);
    const wrong = await Start.run(t, here, { ...settings, ARI_PASSWORD: "not-the-one" });
    const told = (text: string): boolean => /engine ARI_WRONG_PASSWORD: .*Compare ARI_USER and ARI_PASSWORD/.test(text);
    await wrong.lines.when("the problem", told, 0, 60_000);
    const hasCode = (health: Awaited<ReturnType<Start["health"]>>): boolean =>
      health?.status === 503 && health.line.problems.some(({ code }) => code === "ARI_WRONG_PASSWORD");
    await wrong.untilHealth("telling of the password", hasCode);
    const engine = wrong.pid("engine");
    await tries(here.stateDir, 4);
    t.equal(wrong.pid("engine"), engine, "the engine goes on trying, and is not started anew");
    t.equal(wrong.lines.all.filter(told).length, 1, "told once");
    t.notMatch(wrong.text, /not-the-one|takes calls/);
    wrong.signal("SIGINT");
    await wrong.ended;
    t.same(wrong.left(), []);

    const right = await Start.run(t, here, settings);
    await right.ready();
    t.match(await right.health(), { status: 200 });
    t.throws(() => right.pid("asterisk"), /no asterisk/);
    right.signal("SIGINT");
    t.same(await right.ended, { code: 0, signal: null });
    t.match(await running.command("core show uptime"), /uptime/i, "an Asterisk that is not ours is left alone");

    const ports = await takePorts();
    t.teardown(() => ports.release());
    const nowhere = await Start.run(t, here, { ...settings, ARI_URL: `http://127.0.0.1:${ports.http}` });
    await nowhere.lines.when("the problem", (line) => /engine ASTERISK_UNREACHABLE: .*ARI_URL/.test(line), 0, 60_000);
    await nowhere.untilHealth(
      "telling of it",
      (health) => health?.status === 503 && health.line.problems.some(({ code }) => code === "ASTERISK_UNREACHABLE"),
    );
  },
);

/** Waits until the log shows so many refused tries. */
async function tries(stateDir: string, atLeast: number): Promise<void> {
  const seen = async (): Promise<number> =>
    (await readFile(join(stateDir, stateFiles.lines), "utf8")).split("\n").filter((line) => line.includes("ARI_WRONG_PASSWORD"))
      .length;
  while ((await seen()) < atLeast) await delay(20);
}
