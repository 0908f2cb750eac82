import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import t from "tap";
import { provision } from "../../../src/telephony/asterisk/index.ts";
import { testLaunch } from "../../support/asterisk.ts";

t.setTimeout(300_000);

const run = promisify(execFile);

/** Where a command of the machine lies. */
async function real(command: string): Promise<string> {
  return (await run("which", [command])).stdout.trim();
}

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

t.test("the Debian mirror is known without package lists, as images are delivered", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "kontaktlots-provision-"));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  // apt on such a machine, on which nothing can be fetched.
  const apt = `#!/bin/sh\n[ "$1" = indextargets ] || exit 100\nexec ${await real("apt-get")} -o Dir::State::lists=${dir}/none "$@"\n`;
  await writeFile(join(dir, "apt-get"), apt);
  await chmod(join(dir, "apt-get"), 0o755);
  const script = fileURLToPath(new URL("../../../asterisk-config/provision.sh", import.meta.url));
  const env = { PATH: `${dir}:${process.env.PATH}`, CACHE_DIR: join(dir, "cache") };
  const { stdout } = await run("bash", [script], { env }).catch((failed: { stdout: string }) => failed);
  t.match(JSON.parse(stdout), { error: { code: "ASTERISK_MISSING", message: /fetched from http.*\/debian\.$/ } });
});

t.test("what was set up once is used as it is, quickly, and may also be named in the settings", async (t) => {
  const launch = await testLaunch();
  t.match(launch.version, /^2[0-9]\./);
  const said: string[] = [];
  const again = await provision((line) => said.push(line));
  t.same(
    said.filter((line) => /…$/.test(line)),
    [],
    "nothing is fetched again",
  );
  t.equal(again.asterisk, launch.asterisk);
  const named = await provision(undefined, [], { asterisk: launch.asterisk });
  t.match(named, { asterisk: launch.asterisk, moduleDir: launch.moduleDir, dataDir: launch.dataDir, version: launch.version });
});
