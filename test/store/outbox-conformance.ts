import type { Test } from "tap";
import type { Outbox } from "../../src/store/outbox-port.ts";

/** An outbox, and its own way to put something in: the key is the store's. */
export interface OpenedOutbox {
  readonly outbox: Outbox;
  put(to: string, due: number): Promise<string>;
}

/** What every outbox does, whichever store it is a part of. */
export async function outboxConforms(t: Test, open: (t: Test) => Promise<OpenedOutbox>): Promise<void> {
  await t.test("what is due, the oldest first, and not before its time", async (t) => {
    const { outbox, put } = await open(t);
    const late = await put("late@example.org", 3_000);
    const early = await put("early@example.org", 1_000);
    t.strictSame(await outbox.due(999, 9), []);
    const first = { key: early, to: "early@example.org", failures: 0 };
    t.strictSame(await outbox.due(2_999, 9), [first]);
    t.strictSame(await outbox.due(3_000, 9), [first, { key: late, to: "late@example.org", failures: 0 }]);
    t.strictSame(await outbox.due(3_000, 1), [first], "no more than wanted");
  });

  await t.test("done is done, and once more does nothing", async (t) => {
    const { outbox, put } = await open(t);
    const [one, other] = [await put("a", 1), await put("b", 1)];
    await outbox.done(one);
    await outbox.done(one);
    t.match(await outbox.due(9, 9), [{ key: other }]);
  });

  await t.test("tried again later, with each failure counted; also when it was taken out before", async (t) => {
    const { outbox, put } = await open(t);
    const key = await put("a", 1);
    const [one] = await outbox.due(1, 9);
    t.ok(one);
    if (!one) return;
    await outbox.again(one, 50);
    t.strictSame(await outbox.due(49, 9), []);
    const [second] = await outbox.due(50, 9);
    t.strictSame(second, { key, to: "a", failures: 1 });
    await outbox.done(key);
    if (second) await outbox.again(second, 60);
    t.strictSame(await outbox.due(60, 9), [{ key, to: "a", failures: 2 }]);
  });
}
