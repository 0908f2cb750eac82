import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import t, { type Test } from "tap";
import type { FactType } from "../../src/core/facts.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openSqliteReader } from "../../src/store/sqlite/reader.ts";
import { Phone } from "../support/sip/phone.ts";
import { type Place, place, Start } from "./support.ts";

t.setTimeout(120_000);

/** A small disk as the place's state folder, or why there cannot be one. */
function smallDisk(t: Test, { stateDir }: Place, size: string): string | undefined {
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=755`, "kontaktlots-test", stateDir], {
    encoding: "utf8",
  });
  t.teardown(() => spawnSync("umount", ["--lazy", stateDir]));
  return mounted.status === 0 ? undefined : `No small disk can be made here: ${mounted.error?.message ?? mounted.stderr}`;
}

const here = await place(t);
const cannot = smallDisk(t, here, "24m");
const skip = cannot === undefined ? {} : { skip: cannot };
const ballast = join(here.stateDir, "ballast");

/** Fills the rest of the disk. */
function fillDisk(): void {
  for (let size = 1 << 24; size >= 1; size >>= 1) {
    try {
      writeFileSync(ballast, Buffer.alloc(size), { flag: "a" });
    } catch {
      // That much no longer fits; half of it may.
    }
  }
}

t.test(
  "the disk is full: calls go on, /health and the terminal say so; with room again, nothing of them is lost",
  skip,
  async (t) => {
    // One that stands by would be there before anybody can ask.
    const start = await Start.run(t, here, { STAND_BY: "false" });
    await start.ready();
    const citizen = await Phone.open({
      user: "0701740605",
      server: { address: "127.0.0.1", port: here.ports.sip },
      address: "127.0.0.2",
    });
    t.teardown(() => citizen.close());

    fillDisk();
    let calls = 0;
    const ring = async (): Promise<void> => {
      calls += 1;
      const call = await citizen.dial("0846500400");
      await call.gets("200 INVITE");
      await call.media.hearsSomething();
      await call.media.press("2");
      await call.media.hearsSomething(call.media.heard.all.length);
      call.hangUp();
    };
    // The write-ahead log may have some room of its own left: a few calls use that up.
    while ((await start.health())?.status === 200 && calls < 200) await ring();
    t.match(await start.health(), {
      status: 503,
      line: { engine: "serving", store: "degraded", problems: [{ code: "STORE_FULL" }] },
    });
    await start.lines.when("the problem", (line) =>
      /engine STORE_FULL: .* Make room on the disk; calls go on meanwhile/.test(line),
    );
    await ring();
    t.equal(start.lines.all.filter((line) => line.includes("STORE_FULL")).length, 1, "told once");

    // Asterisk dies as well: it comes back without a byte of room.
    process.kill(start.pid("asterisk"), "SIGKILL");
    await start.untilHealth("without Asterisk", (health) => health?.line.asterisk === "away");
    await start.untilHealth("with Asterisk", (health) => health?.line.asterisk === "connected");
    await ring();

    rmSync(ballast);
    await start.untilHealth("well again", (health) => health?.status === 200);
    const reader = openSqliteReader({ file: join(here.stateDir, stateFiles.log) });
    const counted = async (type: FactType): Promise<number> => {
      let count = 0;
      for await (const page of reader.read({ sort: "fact", types: [type] })) count += page.length;
      return count;
    };
    // The end of the last one may only just have been told.
    while ((await counted("call.ended")) < calls) await delay(20);
    t.strictSame([await counted("call.arrived"), await counted("call.ended")], [calls, calls]);
    t.match(await reader.degradedTimes(), [{ code: "STORE_FULL" }]);
    await reader.close();

    fillDisk();
    await ring();
    // The engine dies as well: the next one takes calls all the same, with the agents as the log knows them.
    process.kill(start.pid("engine"), "SIGKILL");
    await start.untilHealth("without engine", (health) => health?.line.engine === "away");
    await start.untilHealth("with engine", (health) => health?.line.engine === "serving");
    await ring();
    start.signal("SIGINT");
    t.same(await start.ended, { code: 0, signal: null });
    t.same(start.left(), []);
    rmSync(ballast);
  },
);

t.test("a disk that has no room from the start is named", skip, async (t) => {
  const there = await place(t);
  smallDisk(t, there, "128k");
  const start = await Start.run(t, there);
  t.same(await start.ended, { code: 1, signal: null });
  t.match(start.text, /^(STORE_FULL: |PROMPT_FAILED: .*no room)/m);
  t.same(start.left(), []);
});
