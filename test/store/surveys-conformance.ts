import type { Test } from "tap";
import { linkValidMs, type NewSurvey, type SurveyStore } from "../../src/store/survey-port.ts";

/** What every store of surveys does, whatever keeps it; its `texts` are an outbox, which has a suite of its own. */

export const wanted: NewSurvey = {
  call: "c1",
  group: "bygglov",
  language: "so",
  questions: ["solved", "wait"],
  to: "+46701740605",
  wantedAt: 1_000,
};
const { to: _, wantedAt: __, ...survey } = wanted;

export async function surveysConform(t: Test, open: () => Promise<SurveyStore>): Promise<void> {
  const opened = async (...calls: readonly string[]): Promise<SurveyStore> => {
    const store = await open();
    t.teardown(() => store.close());
    await store.take(
      1,
      calls.map((call) => ({ ...wanted, call })),
    );
    return store;
  };
  const waiting = async (store: SurveyStore) => (await store.texts.due(9e15, 9)).map(({ key }) => key);

  await t.test("each part of the log is taken once, with its position, and each call has one survey", async (t) => {
    const store = await opened();
    t.equal(await store.position(), 1);
    await store.take(7, [wanted, { ...wanted, call: "c2" }]);
    t.equal(await store.position(), 7);
    await store.take(7, [{ ...wanted, call: "c3" }]);
    await store.take(5, [{ ...wanted, call: "c4" }]);
    await store.take(8, [wanted]);
    t.strictSame(await waiting(store), ["c1", "c2"]);
    await store.begin("c1", "hash", 9_000);
    await store.take(9, [wanted]);
    t.strictSame(await waiting(store), ["c2"], "nor a second message when the first has gone");
  });

  await t.test("about to go out: no longer to be sent, and the newest link alone is one", async (t) => {
    const store = await opened("c1");
    t.strictSame(await store.begin("c1", "first", 9_000), survey);
    t.strictSame(await waiting(store), []);
    t.strictSame(await store.begin("c1", "second", 9_000), survey);
    t.equal(await store.find("first", 0), undefined);
    t.strictSame(await store.find("second", 8_999), survey);
    t.equal(await store.find("second", 9_000), undefined, "until its time is over");
    t.equal(await store.begin("nobody", "third", 9_000), undefined);
  });

  await t.test("used once, and again when the answers were not taken", async (t) => {
    const store = await opened("c1");
    await store.begin("c1", "hash", 9_000);
    t.equal(await store.use("other", 0), undefined);
    t.equal(await store.use("hash", 9_000), undefined);
    t.strictSame(await store.use("hash", 0), survey);
    t.equal(await store.use("hash", 0), undefined);
    t.equal(await store.find("hash", 0), undefined);
    await store.reopen("hash");
    t.strictSame(await store.use("hash", 0), survey);
  });

  await t.test("dropped or too old: gone, with the number if that is still there", async (t) => {
    const store = await opened("c1", "c2", "c3");
    await store.drop("c1");
    t.strictSame(await waiting(store), ["c2", "c3"]);
    t.equal(await store.begin("c1", "hash", 9_000), undefined);
    await store.begin("c2", "two", 5_000);
    await store.forget(4_999);
    t.ok(await store.find("two", 0));
    await store.forget(5_000);
    t.equal(await store.find("two", 0), undefined);
    await store.forget(wanted.wantedAt + linkValidMs);
    t.strictSame(await waiting(store), [], "never sent in as long as a link would have been good for");
  });
}
