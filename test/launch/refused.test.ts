import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmod, cp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import { callsPlan, type Place, place, Start } from "./support.ts";

/** What cannot start says so in one line with a code, ends with exit code 1, and leaves nothing behind. */

t.setTimeout(120_000);

async function refusal(t: Test, at: Place, env: Readonly<Record<string, string>>): Promise<string> {
  const start = await Start.run(t, at, env);
  t.same(await start.ended, { code: 1, signal: null });
  t.same(start.left(), []);
  return start.text;
}

t.test("a port that is taken is named with its setting, before anything is started", async (t) => {
  const here = await place(t);
  const number = here.ports.spare[1] ?? 0;
  const tcp = createServer().listen(number, "127.0.0.1");
  const udp = createSocket("udp4").bind(number, "127.0.0.1");
  t.teardown(() => {
    tcp.close();
    udp.close();
  });
  await Promise.all([once(tcp, "listening"), once(udp, "listening")]);
  for (const [name, kind] of [
    ["PORT", "tcp"],
    ["SIP_PORT", "udp"],
    ["ASTERISK_HTTP_PORT", "tcp"],
    ["AMI_PORT", "tcp"],
  ] as const) {
    const text = await refusal(t, here, { [name]: String(number) });
    t.match(text, new RegExp(`^PORT_TAKEN: Port ${number}/${kind} .*\\(${name}\\).* End what uses it, or give another port`));
    t.notMatch(text, /\n/, "one line");
  }
});

t.test("a setting that is wrong is named, with what is allowed", async (t) => {
  const here = await place(t);
  t.match(
    await refusal(t, here, { RTP_TIMEOUT_S: "soon" }),
    /^SETTING_INVALID: The setting RTP_TIMEOUT_S is "soon"; allowed is a whole number from 0 to 3600\. Correct it/,
  );
  t.match(await refusal(t, here, { ARI_URL: "http://127.0.0.1:1" }), /^SETTING_INVALID: The setting ARI_USER is missing\./);
  const file = join(here.stateDir, "file");
  await writeFile(file, "");
  t.match(await refusal(t, here, { STATE_DIR: join(file, "state") }), /^SETTING_INVALID: The state folder .* STATE_DIR/);
});

t.test("a plan that is wrong is refused with file, line and what to mend", async (t) => {
  const here = await place(t);
  const folder = join(here.stateDir, "plan");
  await cp(callsPlan, folder, { recursive: true });
  const good = await readFile(join(folder, "plan.yaml"), "utf8");
  const line = (mark: string): number => good.split("\n").findIndex((text) => text.includes(mark)) + 1;
  const slips: readonly (readonly [from: string, to: string, says: RegExp])[] = [
    ["1: { group: a }", "12: { group: a }", /"12".*keys of a telephone/],
    ["2: { group: b }", "2:", /Nothing stands here/],
    ["9: { menu: top, language: en }", "9: { group: skatt }", /no group "skatt"/],
    ["prompt: menu", "prompt: meny", /no prompt "meny".*mean "menu"/],
  ];
  await writeFile(
    join(folder, "plan.yaml"),
    slips.reduce((text, [from, to]) => text.replace(from, to), good),
  );
  const text = await refusal(t, here, { PLAN: folder });
  t.match(text, /^PLAN_INVALID: /);
  for (const [from, , says] of slips) {
    const told = text.split("\n").find((told) => told.includes(`plan.yaml:${line(from)}:`));
    t.match(told, says, `line ${line(from)}`);
  }
  t.match(await refusal(t, here, { PLAN: join(folder, "nowhere") }), /^PLAN_MISSING: .*nowhere/);
});

t.test("an Asterisk that is missing or too old is told, and what to do", async (t) => {
  const here = await place(t);
  const missing = await refusal(t, here, { ASTERISK: "/nonexistent/asterisk" });
  t.match(missing, /^ASTERISK_MISSING: ASTERISK is \/nonexistent\/asterisk.* leave it out/m);
  const old = join(here.stateDir, "asterisk-18");
  await writeFile(old, "#!/bin/sh\necho Asterisk 18.26.2\n");
  await chmod(old, 0o755);
  t.match(await refusal(t, here, { ASTERISK: old }), /^ASTERISK_TOO_OLD: .*asterisk-18 is version 18\.26\.2\. .*20 or newer/m);
});
