import t, { type Test } from "tap";
import type { WebSocket } from "ws";
import type { KontaktlotsError } from "../../../src/core/errors.ts";
import { AriLines } from "../../../src/telephony/ari/lines.ts";
import { Journal } from "../../support/sip/journal.ts";
import { FakeAri } from "./fake-ari.ts";

interface Heard {
  readonly line: WebSocket;
  readonly id: string;
  readonly uri: string;
}

async function setUp(t: Test): Promise<{ ari: FakeAri; lines: AriLines; news: Journal<string>; heard: Journal<Heard> }> {
  const ari = await FakeAri.open(t, "http://127.0.0.1:9");
  const news = new Journal<string>("news");
  const heard = new Journal<Heard>("requests", ({ uri }) => uri);
  ari.lines.each((line) => {
    if (line === "refused") return;
    line.on("message", (data) => {
      const { request_id: id, uri } = JSON.parse(String(data)) as { request_id: string; uri: string };
      heard.add({ line, id, uri });
    });
  });
  const lines = new AriLines({ url: `${ari.url}/ari`, username: "a", password: "b" }, ["app", "app-outside"], {
    up: () => news.add("up"),
    down: ({ code }) => news.add(`down ${code}`),
    event: (event) => news.add(event.type),
    problem: ({ code }) => news.add(code),
  });
  t.teardown(() => lines.close());
  await news.when("up", (word) => word === "up");
  return { ari, lines, news, heard };
}

const answer = ({ line, id }: Heard): void =>
  line.send(JSON.stringify({ type: "RESTResponse", request_id: id, status_code: 204 }));

t.test("one call's requests all go over one line, in their order, while they are open; calls share out the lines", async (t) => {
  const { ari, lines, heard } = await setUp(t);
  const all = Array.from({ length: 60 }, (_, n) => [`1795515206.${n}`, `${n}`] as const);
  for (const part of ["a", "b", "c"])
    for (const [call, n] of all) lines.request("POST", `channels/${n}/${part}`, undefined, call).catch(() => {});
  lines.request("GET", "channels").catch(() => {});
  await heard.when("all of them", () => heard.all.length === 181);
  const used = new Map<WebSocket, number>();
  for (const [, n] of all) {
    const own = heard.all.filter(({ uri }) => uri.startsWith(`channels/${n}/`));
    t.equal(new Set(own.map(({ line }) => line)).size, 1);
    t.strictSame(
      own.map(({ uri }) => uri),
      ["a", "b", "c"].map((part) => `channels/${n}/${part}`),
    );
    for (const { line } of own) used.set(line, (used.get(line) ?? 0) + 1);
  }
  t.strictSame([...used.values()], [45, 45, 45, 45], "none has more than another");
  const first = await ari.line(0);
  t.notOk(used.has(first), "none has the events' line");
  t.equal(heard.all.find(({ uri }) => uri === "channels")?.line, first, "what is no call's goes over the events' line");
});

t.test("while one thing is asked at a time, it is asked over one line", async (t) => {
  const { ari, lines, heard } = await setUp(t);
  const used = new Set<WebSocket>();
  for (const call of ["one", "two", "three"]) {
    const answered = lines.request("POST", call, undefined, call);
    const asked = await heard.when(call, ({ uri }) => uri === call);
    used.add(asked.line);
    answer(asked);
    await answered;
  }
  t.equal(used.size, 1);
  t.notOk(used.has(await ari.line(0)), "not the heartbeat's, which must not wait");
});

t.test("what follows a request that was not answered in time does not overtake it", async (t) => {
  const { lines, heard } = await setUp(t);
  lines.request("POST", "other", undefined, "other").catch(() => {});
  const late = lines.request("POST", "late", undefined, "call");
  await t.rejects(late, { code: "ARI_TIMEOUT" });
  lines.request("DELETE", "after", undefined, "call").catch(() => {});
  const [before, after] = await Promise.all(["late", "after"].map((one) => heard.when(one, ({ uri }) => uri === one)));
  t.equal(after?.line, before?.line);
});

t.test("a slow request of one call does not keep another call waiting", async (t) => {
  const { lines, heard } = await setUp(t);
  const calls = Array.from({ length: 60 }, (_, n) => `call-${n}`);
  const [slow = "", ...others] = calls;
  let slowAnswered = false;
  lines
    .request("POST", "slow", undefined, slow)
    .then(() => (slowAnswered = true))
    .catch(() => {});
  const { line: busy } = await heard.when("the slow one", ({ uri }) => uri === "slow");
  const answers = others.map((call) => ({ call, answered: lines.request("POST", call, undefined, call) }));
  await heard.when("the others", () => heard.all.length === calls.length);
  const free = heard.all.filter(({ line }) => line !== busy);
  for (const one of free) answer(one);
  const freed = new Set(free.map(({ uri }) => uri));
  await Promise.all(answers.filter(({ call }) => freed.has(call)).map(({ answered }) => answered));
  t.notOk(slowAnswered);
  for (const { answered } of answers) answered.catch(() => {});
});

for (const [name, which] of [
  ["the events' line", 0],
  ["a line for calls", 1],
] as const) {
  t.test(`${name} is lost: told once, nothing stays asked for on any line, and all come again`, async (t) => {
    const { ari, lines, news, heard } = await setUp(t);
    const codes = Array.from({ length: 20 }, (_, n) =>
      lines.request("POST", `${n}`, undefined, `call-${n}`).then(
        () => "answered",
        ({ code }: KontaktlotsError) => code,
      ),
    );
    await heard.when("all of them", () => heard.all.length === codes.length);
    const before = ari.lines.all.length;
    (await ari.line(which)).terminate();
    await news.when("down", (word) => word === "down ARI_LINK_LOST");
    t.notOk(lines.isUp);
    t.strictSame(new Set(await Promise.all(codes)), new Set(["ARI_LINK_LOST"]));
    await news.when("up again", (word) => word === "up", 2);
    t.strictSame(news.all, ["up", "down ARI_LINK_LOST", "up"]);
    t.equal(ari.lines.all.length, 2 * before, "as many as before");
  });
}

t.test("events are heard over the first line alone", async (t) => {
  const { ari, news } = await setUp(t);
  const replaced = JSON.stringify({ type: "ApplicationReplaced" });
  (await ari.line(1)).send(replaced);
  (await ari.line(0)).send(JSON.stringify({ type: "PlaybackFinished", playback: { id: "1", state: "done" } }));
  await news.when("the event", (word) => word === "PlaybackFinished");
  t.strictSame(news.all, ["up", "PlaybackFinished"]);
});

t.test("closed while its lines are being made: no line is left", async (t) => {
  const ari = await FakeAri.open(t, "http://127.0.0.1:9");
  const lines = new AriLines({ url: `${ari.url}/ari`, username: "a", password: "b" }, ["app"], {
    up: () => {},
    down: () => t.fail("it was never up"),
    event: () => {},
    problem: ({ code }) => t.fail(code),
  });
  await ari.line(0);
  await lines.close();
  t.notOk(lines.isUp);
});
