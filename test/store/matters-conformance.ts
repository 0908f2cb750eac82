import type { Test } from "tap";
import { type MatterStore, matterNumber, type NewMatter } from "../../src/store/matter-port.ts";

/** What every store of matters does, whatever keeps it. */

export const message: NewMatter = {
  kind: "message",
  createdAt: 1_000,
  group: "bygglov",
  from: "+46701740605",
  call: "c1",
  recording: { n: 1, ms: 4_000 },
};
const hour = 3_600_000;
const dated = (...matters: NewMatter[]) => matters.map((matter) => ({ year: 2026, matter }));

export async function conform(t: Test, open: () => Promise<MatterStore>): Promise<void> {
  const opened = async (): Promise<MatterStore> => {
    const store = await open();
    t.teardown(() => store.close());
    return store;
  };

  await t.test("each part of the log is taken once, with its position", async (t) => {
    const store = await opened();
    t.equal(await store.position(), 0);
    const [first, second] = await store.take(7, dated(message, { ...message, from: null, officer: "anna.berg" }));
    t.match(first, { ...message, number: "2026-000001", status: "received", sound: "awaited" });
    t.match(first?.code, /^\d{4}$/);
    t.match(second, { number: "2026-000002", from: null, officer: "anna.berg" });
    t.equal(await store.position(), 7);
    t.strictSame(await store.take(7, dated(message)), []);
    t.strictSame(await store.take(5, dated(message)), []);
    t.equal((await store.list({ most: 10 })).length, 2);
    const { recording: _, ...failed } = { ...message, kind: "callback-failed" as const };
    t.notOk((await store.take(8, dated(failed)))[0]?.sound, "without a recording no sound is awaited");
    t.match(await store.take(9, [{ year: 2027, matter: message }]), [{ number: "2027-000001" }]);
  });

  await t.test("a number told before its matter is made is that matter's, whoever comes first", async (t) => {
    const store = await opened();
    const told = await store.reserve("c1", 1, 2026);
    t.match(told, { number: "2026-000001", code: /^\d{4}$/ });
    t.strictSame(await store.reserve("c1", 1, 2026), told, "the same whenever it is asked for");
    t.equal((await store.reserve("c1", 2, 2026)).number, "2026-000002");
    t.equal(await store.find("2026-000001"), undefined, "it is not there yet");
    const [other, mine] = await store.take(7, dated({ ...message, call: "c2" }, message));
    t.equal(other?.number, "2026-000003");
    t.match(mine, told);
    t.strictSame(await store.reserve("c1", 1, 2026), told, "nor when it is made");
    const { number, code } = other ?? { number: "", code: "" };
    t.strictSame(await store.reserve("c2", 1, 2026), { number, code }, "the front may be the first");
    t.equal(await store.statusFor(told.number, told.code, 0), "received");
    t.equal((await store.reserve("c3", 1, 2027)).number, "2027-000001");
  });

  await t.test("the list: the newest first, page by page, those done left out when wanted", async (t) => {
    const store = await opened();
    await store.take(1, dated(message, message, message));
    const numbers = async (query: Parameters<MatterStore["list"]>[0]) => (await store.list(query)).map(({ number }) => number);
    t.strictSame(await numbers({ most: 2 }), ["2026-000003", "2026-000002"]);
    t.strictSame(await numbers({ most: 2, before: "2026-000002" }), ["2026-000001"]);
    t.match(await store.setStatus("2026-000002", "done"), { status: "done" });
    t.strictSame(await numbers({ most: 9, open: true }), ["2026-000003", "2026-000001"]);
    await t.rejects(store.setStatus("2026-000009", "done"), { code: "NOT_FOUND" });
    t.equal(await store.find("2026-000009"), undefined);
  });

  await t.test("sounds are awaited until it is known what became of them", async (t) => {
    const store = await opened();
    await store.take(1, dated(message, message));
    await store.setSound("2026-000001", "kept", 3_900);
    t.match(await store.awaitedSounds(), [{ number: "2026-000002" }]);
    t.match(await store.find("2026-000001"), { sound: "kept", recording: { n: 1, ms: 3_900 } });
    await t.rejects(store.setSound("2026-000009", "none"), { code: "NOT_FOUND" });
  });

  await t.test("whom to write to goes to the outbox with the matter, or nobody", async (t) => {
    const store = await opened();
    await store.take(1, dated(message, { ...message, mailTo: "anna@example.org" }));
    t.strictSame(await store.letters.due(999, 10), []);
    t.strictSame(await store.letters.due(1_000, 10), [{ key: "2026-000002", to: "anna@example.org", failures: 0 }]);
  });

  await t.test("the status for number and code; five wrong codes lock the number for an hour", async (t) => {
    const store = await opened();
    const [one, other] = await store.take(1, dated(message, message));
    const { number = "", code = "" } = one ?? {};
    const wrong = code === "0000" ? "0001" : "0000";
    const ask = (with_: string, at: number) => store.statusFor(number.replace("-", ""), with_, at);
    t.equal(await ask(code, 0), "received");
    for (let n = 0; n < 4; n++) t.equal(await ask(wrong, n), undefined);
    t.equal(await ask(code, 4), "received", "four may be slips, and are forgotten when the code is right");
    for (let n = 0; n < 5; n++) t.equal(await ask(wrong, n), undefined);
    t.equal(await ask(code, 5), undefined, "locked");
    t.equal(await ask(code, hour - 1), undefined);
    t.equal(await store.statusFor(other?.number ?? "", other?.code ?? "", 6), "received", "the others are not");
    t.equal(await ask(code, 4 + hour), "received");
    for (const strange of ["", "2026", "2026-00000x", "9".repeat(3_000), "2026-000999"])
      t.equal(await store.statusFor(strange, code, hour), undefined);
  });

  t.equal(matterNumber("2026000123"), "2026-000123");
  t.equal(matterNumber("../2026-000123"), undefined);
}
