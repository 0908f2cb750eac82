import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Test } from "tap";
import {
  type AsteriskLaunch,
  type Instance,
  type InstanceOptions,
  prepareInstance,
  provision,
  type RunningAsterisk,
  startAsterisk,
} from "../../src/telephony/asterisk/index.ts";
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
  /** Resolves when not one channel and not one bridge is left. */
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
 * A real Asterisk for one test: on ports of its own, in a folder of its own, ended and cleared away with the test. The test fails
 * when a channel is left in it.
 */
export async function testAsterisk(t: Test, overrides: Partial<InstanceOptions> = {}): Promise<TestAsterisk> {
  const ports = await takePorts();
  const dir = await mkdtemp(join(tmpdir().length < 50 ? tmpdir() : "/tmp", "kontaktlots-"));
  await chmod(dir, 0o755); // Asterisk runs as another user than root
  t.teardown(async () => {
    ports.release();
    await rm(dir, { recursive: true, force: true });
  });
  const options: InstanceOptions = {
    dir,
    launch: await testLaunch(),
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
      const until = performance.now() + 5000;
      for (;;) {
        const left = await Promise.all([test.ari("GET", "/channels"), test.ari("GET", "/bridges")]);
        if (left.flat().length === 0) return;
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
  t.teardown(async () => {
    // A test that ended Asterisk itself has nothing left to look at.
    const over = await Promise.race([running.exited.then(() => true), delay(0).then(() => false)]);
    try {
      if (!over) await test.empty();
    } finally {
      await running.stop();
    }
  });
  return test;
}
