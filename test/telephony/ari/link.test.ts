import t from "tap";
import type { KontaktlotsError } from "../../../src/core/errors.ts";
import { AriLink, type AriReply } from "../../../src/telephony/ari/link.ts";
import { Journal } from "../../support/sip/journal.ts";
import { FakeAri } from "./fake-ari.ts";

/** A line to an ARI that answers only what the test answers. */
async function setUp(t: Parameters<typeof FakeAri.open>[0]): Promise<{ ari: FakeAri; link: AriLink; news: Journal<string> }> {
  const ari = await FakeAri.open(t, "http://127.0.0.1:9");
  const news = new Journal<string>("news");
  const link = new AriLink({ url: `${ari.url}/ari`, username: "a", password: "b" }, "app", {
    up: () => news.add("up"),
    down: ({ code }) => news.add(`down ${code}`),
    event: ({ type }) => news.add(type),
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
