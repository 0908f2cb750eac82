import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import t from "tap";
import { prepareInstance, startAsterisk } from "../../../src/telephony/asterisk/index.ts";
import { testAsterisk } from "../../support/asterisk.ts";
import { Phone } from "../../support/sip/phone.ts";
import { EngineStub } from "./engine-stub.ts";

t.setTimeout(120_000);

t.test("Asterisk runs without root's rights, on files that others cannot read", async (t) => {
  const { instance, running } = await testAsterisk(t, { agents: [{ id: "anna", webrtcSecret: "s3cret" }] });
  t.comment(`from start to ARI's answer: ${Math.round(running.bootMs)} ms`);
  const status = await readFile(`/proc/${running.pid}/status`, "utf8");
  t.notMatch(status, /^Uid:.*\b0\b/m, "no user id of its is root's");
  for (const file of ["secrets.json", "etc/ari.conf", "etc/manager.conf", "etc/pjsip-agents.conf", "run/asterisk.ctl"]) {
    t.equal((await stat(join(instance.dir, file))).mode & 0o077, 0, `${file} is closed to others`);
  }
  const wrong = await fetch(`${instance.ari.url}/channels`, { headers: { authorization: `Basic ${btoa("kontaktlots:wrong")}` } });
  t.equal(wrong.status, 401, "ARI wants its password");
  t.match(await running.command("core show version"), instance.launch.version);
});

t.test("passwords stay the same when the folder is prepared again", async (t) => {
  const { instance, options } = await testAsterisk(t);
  const again = await prepareInstance(options);
  t.strictSame([again.ari, again.ami, again.fingerprint], [instance.ari, instance.ami, instance.fingerprint]);
});

t.test("a running Asterisk is taken over with its calls; one with another configuration is started anew", async (t) => {
  const asterisk = await testAsterisk(t);
  const engine = new EngineStub(t, asterisk);
  await engine.live();
  const citizen = await Phone.open({ user: "0701740605", address: "127.0.0.2", server: asterisk.server });
  t.teardown(() => citizen.close());
  const call = await citizen.dial("0850800000");
  const { channel } = await engine.arrival();
  await asterisk.ari("POST", `/channels/${channel.id}/answer`);
  await call.gets("200 INVITE");

  const agents = [{ id: "new", deskSecret: "new" }];
  const taken = await startAsterisk(await prepareInstance({ ...asterisk.options, agents }));
  t.match(taken, { adopted: true, pid: asterisk.running.pid });
  t.equal(call.state, "up");
  t.match(await taken.command("pjsip show endpoint d-new"), /d-new/, "new agents are taken in");

  const other = await startAsterisk(await prepareInstance({ ...asterisk.options, rtpTimeoutSeconds: 7 }));
  t.match(other, { adopted: false });
  t.not(other.pid, asterisk.running.pid);
  t.strictSame((await call.ended()).by, "peer");
  await Promise.all([taken.exited, asterisk.running.exited]);
  t.pass("both who held the old one know that it ended");
  await other.stop();
});

t.test("its end is seen, however it comes", async (t) => {
  const { running } = await testAsterisk(t);
  process.kill(running.pid, "SIGKILL");
  t.match(await running.exited, { signal: "SIGKILL" });
  await running.stop();
  t.pass("and to stop it once more does no harm");
});

t.test("a port that is taken is named before anything is started", async (t) => {
  const asterisk = await testAsterisk(t);
  const { spare } = asterisk.ports;
  const [sip = 0, http = 0, ami = 0] = spare;
  const options = { ...asterisk.options, dir: join(asterisk.options.dir, "second"), ports: { sip, http, ami } };
  const udp = createSocket("udp4").bind(sip, "127.0.0.1");
  await once(udp, "listening");
  const refused = (port: number, name: RegExp) => ({ code: "PORT_TAKEN", message: name, details: { port } });
  await t.rejects(startAsterisk(await prepareInstance(options)), refused(sip, /SIP/));
  udp.close();
  for (const [port, name] of [
    [http, /HTTP/],
    [ami, /AMI/],
  ] as const) {
    const tcp = createServer().listen(port, "127.0.0.1");
    await once(tcp, "listening");
    await t.rejects(startAsterisk(await prepareInstance(options)), refused(port, name));
    tcp.close();
  }
});

t.test("a start that fails says why", async (t) => {
  const asterisk = await testAsterisk(t);
  const [sip = 0, http = 0, ami = 0] = asterisk.ports.spare;
  const options = { ...asterisk.options, dir: join(asterisk.options.dir, "second"), ports: { sip, http, ami } };
  await t.rejects(
    startAsterisk(await prepareInstance({ ...options, launch: { ...options.launch, asterisk: "/nonexistent/asterisk" } })),
    {
      code: "ASTERISK_MISSING",
    },
  );
  const broken = { ...options, extra: { files: { "modules.conf": "[modules]\nautoload = no\nrequire = res_nonsense.so\n" } } };
  await t.rejects(startAsterisk(await prepareInstance(broken)), {
    code: "ASTERISK_START_FAILED",
    // At once, not after the time for a start.
    message: /it ended at once [\s\S]*res_nonsense/,
  });
});
