import type { Socket } from "node:net";
import t from "tap";
import type { KontaktlotsError } from "../../../src/core/errors.ts";
import type { AriEvent } from "../../../src/telephony/ari/frames.ts";
import { AriLink, type AriReply } from "../../../src/telephony/ari/link.ts";
import { Journal } from "../../support/sip/journal.ts";
import { FakeAri } from "./fake-ari.ts";

/** A line to an ARI that answers only what the test answers. `work`: what the listener does at each event. */
async function setUp(
  t: Parameters<typeof FakeAri.open>[0],
  work: (event: AriEvent) => void = () => {},
): Promise<{ ari: FakeAri; link: AriLink; news: Journal<string> }> {
  const ari = await FakeAri.open(t, "http://127.0.0.1:9");
  const news = new Journal<string>("news");
  const link = new AriLink({ url: `${ari.url}/ari`, username: "a", password: "b" }, ["app"], {
    up: () => news.add("up"),
    down: ({ code }) => news.add(`down ${code}`),
    event: (event) => {
      work(event);
      news.add(event.type);
    },
    problem: ({ code }) => news.add(code),
  });
  t.teardown(() => link.close());
  await news.when("up", (word) => word === "up");
  return { ari, link, news };
}
const codeOf = (request: Promise<AriReply>): Promise<string> =>
  request.then(
    () => "answered",
    (error: KontaktlotsError) => error.code,
  );

t.test("every request settles: answered in any order, the line lost, no line at all", async (t) => {
  const { ari, link, news } = await setUp(t);
  const line = await ari.line(0);
  const [first, second] = [link.request("GET", "channels"), link.request("DELETE", "channels/1")];
  await ari.requests.when("two requests", () => ari.requests.all.length === 2);
  const [one, two] = ari.requests.all.map((text) => (JSON.parse(text) as { request_id: string }).request_id);
  line.send(JSON.stringify({ type: "RESTResponse", request_id: two, status_code: 404, message_body: "gone" }));
  line.send(JSON.stringify({ type: "RESTResponse", request_id: one, status_code: 200, message_body: "[]" }));
  t.strictSame(await second, { status: 404, body: "gone" });
  t.strictSame(await first, { status: 200, body: "[]" });

  const lost = codeOf(link.request("GET", "bridges"));
  await ari.requests.when("the third", () => ari.requests.all.length === 3);
  line.terminate();
  t.equal(await lost, "ARI_LINK_LOST");
  t.equal(await codeOf(link.request("GET", "bridges")), "ARI_LINK_LOST", "nothing waits for a line that is not there");
  await news.when("up again", (word) => word === "up", 1);
});

t.test("a request that Asterisk never answers is told as that, and the line goes on", async (t) => {
  const { ari, link } = await setUp(t);
  t.equal(await codeOf(link.request("GET", "channels")), "ARI_TIMEOUT");
  const late = (JSON.parse(ari.requests.all[0] ?? "") as { request_id: string }).request_id;
  (await ari.line(0)).send(JSON.stringify({ type: "RESTResponse", request_id: late, status_code: 200 }));
  const next = link.request("GET", "channels");
  await ari.requests.when("the next", () => ari.requests.all.length === 2);
  const id = (JSON.parse(ari.requests.all[1] ?? "") as { request_id: string }).request_id;
  (await ari.line(0)).send(JSON.stringify({ type: "RESTResponse", request_id: id, status_code: 204 }));
  t.equal((await next).status, 204, "a late answer is nobody else's");
});

t.test("a line that is open and dead is noticed, and made anew", async (t) => {
  const { ari, news } = await setUp(t);
  const line = await ari.line(0);
  // The other side reads no more, so nothing is answered, not even a ping.
  line.pause();
  await news.when("down", (word) => word === "down ARI_LINK_LOST");
  await news.when("up again", (word) => word === "up", 2);
});

/** An event that a listener knows again by its number. */
const numbered = (n: number): string => JSON.stringify({ type: "PlaybackFinished", playback: { id: String(n), state: "done" } });

t.test("hundreds of events in one read: in their order, and the loop turns meanwhile", async (t) => {
  const heard: number[] = [];
  let heardAtTurn = -1;
  const { ari, news } = await setUp(t, (event) => {
    if (event.type !== "PlaybackFinished") return;
    if (heard.push(Number(event.playback.id)) === 1) setImmediate(() => (heardAtTurn = heard.length));
    for (const until = performance.now() + 0.2; performance.now() < until; );
  });
  const line = await ari.line(0);
  const all = Array.from({ length: 300 }, (_, n) => n);
  const { _socket: tcp } = line as unknown as { _socket: Socket };
  tcp.cork();
  for (const n of all) line.send(numbered(n));
  tcp.uncork();
  await news.when("the last", () => heard.length === all.length);
  t.strictSame(heard, all);
  // 3 ms of such events are 15.
  t.ok(heardAtTurn > 0 && heardAtTurn < 50, `what the first led to went out after ${heardAtTurn} of them`);
});

t.test("what came before the line was lost counts", async (t) => {
  const slow = (): void => {
    for (const until = performance.now() + 0.2; performance.now() < until; );
  };
  const { ari, news } = await setUp(t, slow);
  const line = await ari.line(0);
  for (let n = 0; n < 300; n++) line.send(numbered(n));
  line.send(JSON.stringify({ type: "ApplicationReplaced" }));
  line.close();
  await news.when("down", (word) => word === "down ARI_LINK_LOST");
  t.equal(news.all.filter((word) => word === "PlaybackFinished").length, 300);
  t.equal(news.all.at(-2), "ApplicationReplaced");
});
