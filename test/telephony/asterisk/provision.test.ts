import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { provision } from "../../../src/telephony/asterisk/index.ts";
import { testLaunch } from "../../support/asterisk.ts";

t.setTimeout(300_000);

t.test("an Asterisk that is too old, or none at all, is refused with what to do", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "kontaktlots-provision-"));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  const old = join(dir, "asterisk");
  await writeFile(old, '#!/bin/sh\necho "Asterisk 18.12.0"\n');
  await chmod(old, 0o755);
  await t.rejects(provision(undefined, [], { asterisk: old }), {
    code: "ASTERISK_TOO_OLD",
    message: `${old} is version 18.12.0.`,
    mend: /ASTERISK/,
  });
  await t.rejects(provision(undefined, [], { asterisk: join(dir, "none") }), { code: "ASTERISK_MISSING" });
});

t.test("what was set up once is used as it is, quickly, and may also be named in the settings", async (t) => {
  const launch = await testLaunch();
  t.match(launch.version, /^2[0-9]\./);
  const started = performance.now();
  const again = await provision();
  t.ok(performance.now() - started < 5000);
  t.equal(again.asterisk, launch.asterisk);
  const named = await provision(undefined, [], { asterisk: launch.asterisk });
  t.match(named, { asterisk: launch.asterisk, moduleDir: launch.moduleDir, dataDir: launch.dataDir, version: launch.version });
});
