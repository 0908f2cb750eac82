import t, { type Test } from "tap";
import type { WebSocket } from "ws";
import { openAriGateway } from "../../../src/telephony/ari/gateway.ts";
import type { Telephony, Unstamped } from "../../../src/telephony/telephony.ts";
import { Journal } from "../../support/sip/journal.ts";
import { FakeAri } from "./fake-ari.ts";

/** Something said, of which the ARI in the test's hands tells the end, or not. */
async function gatewayOf(t: Test): Promise<{
  gateway: Telephony;
  events: Journal<Unstamped>;
  looks: Journal<string>;
  playing: { is: boolean };
  tell: (event: object) => Promise<void>;
}> {
  const ari = await FakeAri.open(t, "http://127.0.0.1:9");
  const looks = new Journal<string>("looks", (uri) => uri);
  const playing = { is: true };
  ari.lines.each((line) => {
    if (line !== "refused") line.on("message", (data) => answer(line, String(data)));
  });
  function answer(line: WebSocket, data: string): void {
    const { request_id, method, uri } = JSON.parse(data) as { request_id: string; method: string; uri: string };
    const isLook = method === "GET" && uri.startsWith("playbacks/");
    line.send(
      JSON.stringify({
        ...{ type: "RESTResponse", request_id, message_body: "{}" },
        status_code: isLook && !playing.is ? 404 : 200,
      }),
    );
    if (isLook) looks.add(uri);
  }
  const events = new Journal<Unstamped>("events", ({ type }) => type);
  const up = Promise.withResolvers<void>();
  const gateway = openAriGateway(
    {
      address: { url: `${ari.url}/ari`, username: "a", password: "b" },
      ...{ app: "kontaktlots", musicClass: "m", bedClass: "b", recordTone: "sound:tone" },
      media: (prompt) => `sound:${prompt}`,
      isEntry: () => true,
    },
    {
      event: (event) => events.add(event),
      up: up.resolve,
      down: () => {},
      replaced: () => {},
      problem: (error) => t.fail(error.line),
    },
  );
  t.teardown(() => gateway.close());
  await up.promise;
  const tell = async (event: object): Promise<void> => (await ari.line(0)).send(JSON.stringify(event));
  return { gateway, events, looks, playing, tell };
}

const says = (call: string, playback: number) => ({ do: "play", call, playback, prompts: ["greeting"], language: "sv" }) as const;

t.test("a sound that is over without a word is found to be over, and one that goes on is left alone", async (t) => {
  const { gateway, events, looks, playing } = await gatewayOf(t);
  gateway.beat(1_000);
  gateway.perform(says("a", 1));
  gateway.beat(10_999);
  gateway.beat(11_000);
  await looks.when("a look", () => true);
  gateway.beat(11_250);
  playing.is = false;
  gateway.beat(21_000);
  t.match(await events.when("its end", () => true), { type: "playback.ended", call: "a", playback: 1 });
  t.strictSame(looks.all, ["playbacks/a-p1", "playbacks/a-p1"], "looked at twice, ten seconds apart");
});

t.test("what was told to be over, or whose caller is gone, is not looked at; what was said last is", async (t) => {
  const { gateway, events, looks, tell } = await gatewayOf(t);
  gateway.beat(1_000);
  for (const call of ["told", "gone", "later"]) gateway.perform(says(call, 1));
  await tell({ type: "PlaybackFinished", playback: { id: "told-p1", state: "done" } });
  await tell({
    type: "StasisEnd",
    application: "kontaktlots",
    channel: { id: "gone", name: "PJSIP/x", state: "Up", caller: { number: "" } },
  });
  gateway.perform(says("later", 2));
  await tell({ type: "PlaybackFinished", playback: { id: "later-p1", state: "done" } });
  await events.when("the end of the first", (event) => event.type === "playback.ended" && event.call === "later");
  gateway.beat(11_000);
  await looks.when("a look", () => true);
  gateway.beat(21_000);
  await looks.when("another", () => true, 1);
  t.strictSame(looks.all, ["playbacks/later-p2", "playbacks/later-p2"]);
});
