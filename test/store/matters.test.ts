import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { openMatters } from "../../src/store/sqlite/matters.ts";
import { conform, message } from "./matters-conformance.ts";

t.test("in SQLite", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "matters-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  let files = 0;
  await conform(t, () => openMatters({ file: join(folder, `${++files}.sqlite`) }));

  await t.test("what fails half-way is not taken at all: neither matters nor position", async (t) => {
    const store = await openMatters({ file: join(folder, "half.sqlite") });
    t.teardown(() => store.close());
    const broken = { ...message, call: null as unknown as string };
    const both = [message, broken].map((matter) => ({ year: 2026, matter }));
    await t.rejects(store.take(3, both), { code: "STORE_FAILED" });
    t.equal(await store.position(), 0);
    t.strictSame(await store.list({ most: 5 }), []);
  });
});
