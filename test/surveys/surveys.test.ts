import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import t, { type Test } from "tap";
import type { Fact } from "../../src/core/facts.ts";
import { openMemoryLog } from "../../src/store/memory.ts";
import { openSurveys } from "../../src/store/sqlite/surveys.ts";
import { hashOfToken, linkValidMs } from "../../src/store/survey-port.ts";
import { followSurveys } from "../../src/surveys/follow.ts";
import { openHttpGateway } from "../../src/surveys/http-gateway.ts";
import { sendTexts } from "../../src/surveys/send.ts";
import { tendSurveys } from "../../src/surveys/tend.ts";
import { login, smsGateway, tokenIn } from "../support/sms-gateway.ts";

const at = Date.UTC(2026, 10, 23, 13, 5);
const questions = ["survey-question-solved", "survey-question-wait"];

async function room(t: Test, ...statuses: readonly number[]) {
  const folder = await mkdtemp(join(tmpdir(), "surveys-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const surveys = await openSurveys({ file: join(folder, "surveys.sqlite") });
  t.teardown(() => surveys.close());
  const { log: events, reader } = openMemoryLog();
  let seq = 0;
  const tell = (fact: Fact): void => {
    const entry = { at: fact.at, sort: "fact", type: fact.type, call: "call" in fact ? fact.call : null } as const;
    events.append([{ ...entry, seq: ++seq, json: JSON.stringify(fact) }]);
    events.flush();
  };
  /** A call that has agreed to a text message. */
  const agreed = (call: string, { language = "sv", from = "+46701740605" as string | null, wantedAt = at } = {}): void => {
    tell({ at: wantedAt, type: "call.arrived", call, number: "+46846500400", from });
    tell({ at: wantedAt, type: "survey.link-wanted", call, group: "bygglov", language, questions });
  };
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const clock = { now: at };
  const out = await smsGateway(t, ...statuses);
  const texts = openHttpGateway({ url: out.url, from: "Stockholm", ...login });
  const deps = { surveys, reader, log, now: () => clock.now, texts, city: "Stockholm", pagesUrl: "https://k.example" };
  const round = async (): Promise<void> => {
    await followSurveys(deps);
    await sendTexts(deps);
  };
  return { surveys, agreed, lines, clock, out, deps, round };
}

t.test("one message for each call that agreed, with a link of its own, once", async (t) => {
  const { surveys, agreed, out, round, lines } = await room(t);
  agreed("a");
  agreed("b", { language: "so" });
  agreed("c", { from: null });
  agreed("d", { wantedAt: at - 3_700_000 });
  await round();
  await round();
  t.match(out.heads[0], {
    authorization: `Basic ${Buffer.from("u1:hush").toString("base64")}`,
    "content-type": /^application\/x-www-form-urlencoded/,
  });
  const [first, second] = out.messages;
  t.equal(out.messages.length, 2, "none to whom nobody knows, none about a call an hour ago, and none twice");
  t.match(first?.get("message"), /^Stockholm: Tack för ditt samtal\. .*: https:\/\/k\.example\/survey#[\w-]{22}$/);
  t.match(second?.get("message"), /Tack.*Thank you.*#[\w-]{22}$/, "who speaks neither language gets both");
  t.match(Object.fromEntries(first ?? []), { from: "Stockholm", to: "+46701740605" });
  const [one, two] = [tokenIn(first), tokenIn(second)];
  t.not(one, two);
  t.strictSame(await surveys.find(hashOfToken(one), at), { call: "a", group: "bygglov", language: "sv", questions });
  t.equal(await surveys.find(one, at), undefined, "what is stored opens nothing");
  t.equal(await surveys.find(hashOfToken(one), at + linkValidMs), undefined, "seven days");
  for (const secret of [one, "0701740605", "46701740605"]) t.notMatch(lines.join(), new RegExp(secret));
  t.ok(await surveys.use(hashOfToken(two), at));
  t.equal(await surveys.use(hashOfToken(two), at), undefined, "once");
  await surveys.reopen(hashOfToken(two));
  t.ok(await surveys.use(hashOfToken(two), at), "again, when the answers were not taken");
});

t.test("a gateway that is not well is asked again later, with another link", async (t) => {
  const { surveys, agreed, out, round, clock, lines } = await room(t, 500, 429, 200);
  agreed("a");
  await round();
  await round();
  t.equal(out.messages.length, 1, "not before its time");
  t.match(JSON.parse(lines.at(-1) ?? ""), { code: "SMS_FAILED", about: "a", failures: 1 });
  clock.now += 30_000;
  await round();
  clock.now += 60_000;
  await round();
  clock.now += 3_600_000;
  await round();
  t.equal(out.messages.length, 3);
  t.equal(await surveys.find(hashOfToken(tokenIn(out.messages[0])), clock.now), undefined, "only the one that arrived");
  t.match(await surveys.find(hashOfToken(tokenIn(out.messages[2])), clock.now), { call: "a" });
});

t.test("a gateway that is away is given up after a while; other messages go out", async (t) => {
  const { surveys, agreed, out, round, clock, lines } = await room(t);
  await out.close();
  agreed("a");
  for (let tries = 0; tries < 9; tries++) {
    await round();
    clock.now += 600_000;
  }
  const told = lines.map((line) => JSON.parse(line) as { code: string; failures: number });
  t.equal(told.length, 6);
  t.match(told.at(-1), { code: "SMS_FAILED", failures: 6 });
  t.strictSame(await surveys.texts.due(clock.now + linkValidMs, 9), []);
});

t.test("what was refused, led elsewhere, or may have gone out is not sent again", async (t) => {
  for (const status of [401, 302, 0]) {
    const { agreed, out, round, clock, lines, surveys } = await room(t, status);
    agreed("a");
    await round();
    clock.now += 3_000_000;
    await round();
    t.equal(out.messages.length, 1, `${status}`);
    t.match(JSON.parse(lines.at(-1) ?? ""), { code: "SMS_REFUSED" });
    t.ok(await surveys.find(hashOfToken(tokenIn(out.messages[0])), clock.now), "should it have arrived, it can be answered by");
    t.notMatch(lines.join(), /hush/);
  }
});

t.test("killed between being about to send and having sent: no second message; the old are forgotten", async (t) => {
  const { surveys, agreed, out, round, clock, deps } = await room(t);
  agreed("a");
  await followSurveys(deps);
  await surveys.begin("a", hashOfToken("x"), at + linkValidMs);
  await round();
  t.equal(out.messages.length, 0);
  clock.now = at + linkValidMs;
  await round();
  t.equal(await surveys.find(hashOfToken("x"), at), undefined, "gone from the file");
  agreed("b", { wantedAt: clock.now });
  const tending = tendSurveys(deps);
  await out.message();
  await tending.close();
  t.equal(out.messages.length, 1, "looked after until it is closed");
});
