import { fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { testAsterisk } from "../../support/asterisk.ts";
import { Journal } from "../../support/sip/journal.ts";
import { FakeAri } from "./fake-ari.ts";

/**
 * Why the line to ARI is our own (`src/telephony/ari/`) and not the package `ari-client` 2.2.0: each of these happens on an
 * ordinary day, each ends or deafens the library without any promise or event in which that could be caught, and the gateway
 * goes through all of them.
 */

type ClientName = "ari-client" | "gateway";

interface ClientProcess {
  /** What it says of what it meets. */
  readonly words: Journal<string>;
  /** Waits for a word that starts so. */
  says(start: string, from?: number): Promise<string>;
  readonly exited: Promise<number | null>;
  readonly running: boolean;
}

function start(t: Test, client: ClientName, address: { url: string; username: string; password: string }): ClientProcess {
  const program = fileURLToPath(new URL("client-process.ts", import.meta.url));
  const child = fork(program, [client, address.url, address.username, address.password], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const words = new Journal<string>(client);
  let complaints = "";
  child.stderr?.on("data", (part: Buffer) => {
    complaints += part.toString();
  });
  if (child.stdout) createInterface({ input: child.stdout }).on("line", (line) => words.add(line));
  const exited = once(child, "exit").then(([code]) => code as number | null);
  t.teardown(async () => {
    child.kill("SIGKILL");
    await exited;
    if (complaints !== "") t.comment(complaints.slice(0, 2000));
  });
  return {
    words,
    exited,
    says: (start, from = 0) => words.when(start, (word) => word.startsWith(start), from),
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
  };
}

const call = {
  type: "StasisStart",
  timestamp: "2026-11-23T12:00:00.000+0000",
  application: "kontaktlots",
  args: ["in", "0846500400", "allowed"],
  channel: { id: "1.1", name: "PJSIP/trunk-1", state: "Ring", caller: { name: "", number: "0701740605" } },
};

t.test("ari-client 2.2.0 and the gateway, beside each other", async (t) => {
  const asterisk = await testAsterisk(t);
  const { username, password } = asterisk.instance.ari;
  const url = new URL(asterisk.instance.ari.url).origin;

  await t.test("a wrong password", async (t) => {
    const library = start(t, "ari-client", { url, username, password: "wrong" });
    t.match(await library.says("uncaught"), /^uncaught/, "the library throws where no promise can catch it");
    t.equal(await library.exited, 1, "which ends the process");
    t.notOk(library.words.all.some((word) => word.startsWith("caught")));

    const gateway = start(t, "gateway", { url, username, password: "wrong" });
    await gateway.says("problem ARI_WRONG_PASSWORD");
    await gateway.says("problem ARI_WRONG_PASSWORD", 4);
    t.ok(gateway.running, "the gateway tells a code, and goes on trying");
  });

  const frames: readonly { name: string; frame: string; library: string; gateway: readonly string[] }[] = [
    {
      name: "a sort of event of a later Asterisk",
      frame: JSON.stringify({ ...call, type: "New" }),
      library: "uncaught",
      gateway: [],
    },
    { name: "half a frame", frame: JSON.stringify(call).slice(0, 99), library: "uncaught", gateway: ["problem ARI_BAD_FRAME"] },
    { name: "no frame at all", frame: "null", library: "uncaught", gateway: ["problem ARI_BAD_FRAME"] },
    // This one the library survives, and hands it on as if it were a call.
    { name: "a call without channel", frame: '{"type":"StasisStart"}', library: "event", gateway: ["problem ARI_BAD_FRAME"] },
  ];
  for (const { name, frame, ...fates } of frames) {
    await t.test(name, async (t) => {
      const ari = await FakeAri.open(t, url);
      const library = start(t, "ari-client", { url: ari.url, username, password });
      (await ari.line(0)).send(frame);
      const fate = await Promise.race([library.says("uncaught"), library.says("event")]);
      t.equal(fate.split(" ")[0], fates.library);

      const gateway = start(t, "gateway", { url: ari.url, username, password });
      const line = await ari.line(1);
      await gateway.says("up");
      line.send(frame);
      line.send(JSON.stringify(call));
      await gateway.says("event call.arrived");
      t.strictSame(gateway.words.all, ["up", ...fates.gateway, "event call.arrived"], "the gateway hears what comes next");
    });
  }

  await t.test("Asterisk is away for longer than ten tries", async (t) => {
    const ari = await FakeAri.open(t, url);
    const library = start(t, "ari-client", { url: ari.url, username, password });
    const first = await ari.line(0);
    ari.refuses = true;
    first.terminate();
    await library.says("gave-up");
    t.equal(ari.lines.all.filter((line) => line === "refused").length, 10, "the library gives up after ten tries");
    t.ok(library.running, "and its process lives on, deaf");

    ari.refuses = false;
    const gateway = start(t, "gateway", { url: ari.url, username, password });
    const line = await ari.line(1);
    await gateway.says("up");
    const before = ari.lines.all.length;
    ari.refuses = true;
    line.terminate();
    await gateway.says("down ARI_LINK_LOST");
    await ari.lines.when("more than ten tries", () => ari.lines.all.length > before + 25);
    ari.refuses = false;
    await gateway.says("up", gateway.words.all.length);
    t.equal(library.words.all.filter((word) => word === "up").length, 1, "the library never came back");
  });
});
