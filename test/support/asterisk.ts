import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Test } from "tap";
import { bedBridge } from "../../src/telephony/apps.ts";
import {
  type AsteriskLaunch,
  type Instance,
  type InstanceOptions,
  prepareInstance,
  provision,
  type RunningAsterisk,
  startAsterisk,
} from "../../src/telephony/asterisk/index.ts";
import { patienceMs } from "./patience.ts";
import { type PortBlock, takePorts } from "./ports.ts";

export type TestAsterisk = {
  readonly instance: Instance;
  /** What the instance was prepared from: to prepare it again with something else. */
  readonly options: InstanceOptions;
  readonly running: RunningAsterisk;
  readonly ports: PortBlock;
  /** Where test phones call: `Phone.open({ server })`. */
  readonly server: { readonly address: string; readonly port: number };
  /** One ARI request; the answer's body as JSON, or undefined when it is empty. Throws when it is refused. */
  ari(method: "GET" | "POST" | "PUT" | "DELETE", path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
  /** Resolves when not one channel is left, and not one bridge but that in which nobody waits after being rung. */
  empty(): Promise<void>;
  /** What Asterisk complained of so far. */
  complaints(): Promise<string>;
};

let launch: Promise<AsteriskLaunch> | undefined;

/** The Asterisk that all tests of this process start; set up at the first call. */
export function testLaunch(): Promise<AsteriskLaunch> {
  launch ??= provision((line) => console.error(line), ["--with-sipp"]);
  return launch;
}

/**
 * The same Asterisk, but one that ends with the process that starts it, even with a killed one: Asterisk is meant to outlive its
 * starter, and a test that was cut off would leave it behind for ever.
 *
 * @param dir where the starter script goes.
 */
export async function mortal(launch: AsteriskLaunch, dir: string): Promise<AsteriskLaunch> {
  const asterisk = join(dir, "mortal-asterisk");
  await writeFile(asterisk, `#!/bin/sh\nexec setpriv --pdeathsig KILL '${launch.asterisk}' "$@"\n`, { mode: 0o755 });
  return { ...launch, asterisk };
}

/**
 * A real Asterisk for one test: on ports of its own, in a folder of its own, ended and cleared away with the test. The test fails
 * when a channel is left in it.
 */
export async function testAsterisk(t: Test, overrides: Partial<InstanceOptions> = {}): Promise<TestAsterisk> {
  const ports = await takePorts();
  const dir = await mkdtemp(join(tmpdir().length < 50 ? tmpdir() : "/tmp", "kontaktlots-"));
  await chmod(dir, 0o755); // Asterisk runs as another user than root
  let started: TestAsterisk | undefined;
  t.teardown(async () => {
    try {
      // A test that ended Asterisk itself has nothing left to look at.
      const over = started && (await Promise.race([started.running.exited.then(() => true), delay(0).then(() => false)]));
      if (over === false) await started?.empty();
    } finally {
      await started?.running.stop();
      ports.release();
      await rm(dir, { recursive: true, force: true });
    }
  });
  const options: InstanceOptions = {
    dir,
    launch: await mortal(await testLaunch(), dir),
    ports: { sip: ports.sip, http: ports.http, ami: ports.ami },
    rtp: ports.rtp,
    agents: [],
    ...overrides,
  };
  const instance = await prepareInstance(options);
  const running = await startAsterisk(instance);
  const authorization = `Basic ${Buffer.from(`${instance.ari.username}:${instance.ari.password}`).toString("base64")}`;

  const test: TestAsterisk = {
    instance,
    options,
    running,
    ports,
    server: { address: instance.sip.host, port: instance.sip.port },
    ari: async (method, path, query = {}) => {
      const answer = await fetch(`${instance.ari.url}${path}?${new URLSearchParams(query)}`, {
        method,
        headers: { authorization },
      });
      const body = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${body}`);
      return body === "" ? undefined : (JSON.parse(body) as unknown);
    },
    empty: async () => {
      const until = performance.now() + patienceMs;
      for (;;) {
        const [channels, bridges] = (await Promise.all([test.ari("GET", "/channels"), test.ari("GET", "/bridges")])) as [
          unknown[],
          { id: string; channels: unknown[] }[],
        ];
        const left = [...channels, ...bridges.filter(({ id, channels }) => id !== bedBridge || channels.length > 0)];
        if (left.length === 0) return;
        if (performance.now() > until) throw new Error(`Left in Asterisk: ${JSON.stringify(left)}`);
        await delay(20);
      }
    },
    complaints: async () => {
      const log = await readFile(join(dir, "log", "messages.log"), "utf8");
      return log
        .split("\n")
        .filter((line) => / (ERROR|WARNING)\[/.test(line))
        .join("\n");
    },
  };
  started = test;
  return test;
}
