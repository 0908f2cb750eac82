import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import type { Matter } from "../../src/store/matter-port.ts";
import { noMatters, wavOf } from "../support/matters.ts";
import { bench } from "./support.ts";

/** What the browser's test of matters does not come to. */

const number = "2026-000001";
const matter: Matter = {
  ...{ number, code: "1234", status: "received", kind: "message", createdAt: 1, group: "elder", from: "+46701740605", call: "c" },
  ...{ recording: { n: 1, ms: 4_000 }, sound: "kept" },
};

t.test("a sound that is not where it was kept is not found, and that is told as any other error", async (t) => {
  const recordingsDir = await mkdtemp(join(tmpdir(), "matters-api-"));
  t.teardown(() => rm(recordingsDir, { recursive: true }));
  const matters = { ...noMatters.matters, find: async () => matter };
  const { app, signIn } = await bench(t, { matters, recordingsDir });
  const headers = { cookie: await signIn("lena") };
  const ask = () => app.inject({ url: `/api/matters/${number}/sound`, headers });
  const gone = await ask();
  t.equal(gone.statusCode, 404, gone.body);
  t.match(gone.json(), { error: { code: "NOT_FOUND" } });
  await writeFile(join(recordingsDir, `${number}.wav`), wavOf(100));
  const there = await ask();
  t.equal(there.statusCode, 200);
  t.match(there.headers, { "content-type": /^audio\/wav/, "cache-control": "private, no-store" });
});
