import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import t, { type Test } from "tap";
import { KontaktlotsError } from "../../src/core/errors.ts";
import type { CoreEvent } from "../../src/core/events.ts";
import { emptyState } from "../../src/core/state.ts";
import { step } from "../../src/core/step.ts";
import { answersEvent } from "../../src/engine/commands.ts";
import { openSurveys } from "../../src/store/sqlite/surveys.ts";
import { hashOfToken, linkValidMs } from "../../src/store/survey-port.ts";
import { bench, own, plan } from "./support.ts";

const token = "A".repeat(22);
const at = Date.UTC(2026, 10, 23, 9);
const prompts = { solved: { sv: "Fick du hjälp?", en: "Did you get help?" }, wait: { sv: "Och väntan?" } };

async function room(t: Test, refuse?: () => Error | undefined) {
  const folder = await mkdtemp(join(tmpdir(), "survey-api-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const surveys = await openSurveys({ file: join(folder, "surveys.sqlite") });
  t.teardown(() => surveys.close());
  const survey = { call: "c1", group: "elder", language: "so", questions: ["solved", "wait"] };
  await surveys.take(1, [{ ...survey, to: "+46701740605", wantedAt: at }]);
  await surveys.begin("c1", hashOfToken(token), at + linkValidMs);
  const lines: string[] = [];
  const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const made = await bench(t, { surveys, plan: { ...plan, prompts }, log }, refuse);
  const post = (url: string, payload: object) => made.app.inject({ method: "POST", url, headers: own, payload });
  return { ...made, post, lines, answer: (answers: unknown) => post("/api/survey/answers", { token, answers }) };
}
const answers = [
  { question: "wait", answer: 2 },
  { question: "solved", answer: 5 },
];

t.test("a link shows its questions, and its answers reach the engine once; its token comes into no log", async (t) => {
  const { post, answer, engine, lines, app } = await room(t);
  t.equal((await app.inject("/survey")).statusCode, 200, "the page");
  const shown = await post("/api/survey", { token });
  t.equal(shown.headers["cache-control"], "no-store");
  t.same(shown.json(), {
    city: "Provstad",
    language: null,
    questions: [
      { id: "solved", text: { sv: "Fick du hjälp?", en: "Did you get help?" } },
      { id: "wait", text: { sv: "Och väntan?", en: "Och väntan?" } },
    ],
  });
  t.equal((await answer(answers)).statusCode, 204);
  t.same(engine.commands, [{ type: "survey-answers", call: "c1", group: "elder", answers }]);
  for (const again of [await answer(answers), await post("/api/survey", { token })]) {
    t.equal(again.statusCode, 404);
    t.match(again.json(), { error: { code: "NOT_FOUND" } });
  }
  t.equal(engine.commands.length, 1);
  t.match(lines.join(), /answered on the page/);
  t.notMatch(lines.join(), new RegExp(token));
});

t.test("sent twice at the same moment, it is taken once", async (t) => {
  const { answer, engine } = await room(t);
  const replies = await Promise.all([answer(answers), answer(answers)]);
  t.same(replies.map(({ statusCode }) => statusCode).sort(), [204, 404]);
  t.equal(engine.commands.length, 1);
});

t.test("unknown and expired links are closed; what is no answer is refused at the door, and the link stays", async (t) => {
  const { post, answer, engine, clock } = await room(t);
  t.equal((await post("/api/survey", { token: "B".repeat(22) })).statusCode, 404);
  for (const wrong of ["", "A", `${token}A`, 7]) t.equal((await post("/api/survey", { token: wrong })).statusCode, 400);
  const [first] = answers;
  for (const wrong of [
    [],
    [first, first],
    [{ question: "kind", answer: 3 }],
    [{ question: "wait", answer: 6 }],
    [{ question: "wait", answer: "5" }],
    [{ ...first, more: 1 }],
    "all",
  ]) {
    const reply = await answer(wrong);
    t.equal(reply.statusCode, 400, JSON.stringify(wrong));
    t.match(reply.json(), { error: { code: "REQUEST_INVALID" } });
  }
  clock.now = at + linkValidMs;
  t.equal((await answer(answers)).statusCode, 404, "a week later");
  clock.now = at;
  t.equal((await answer([first])).statusCode, 204, "one of two is enough");
  t.equal(engine.commands.length, 1);
});

t.test("the engine takes the answers and its reply is lost: sent again, they count once", async (t) => {
  let lost = false;
  const { answer, engine, link } = await room(t, () => {
    if (lost) return undefined;
    lost = true;
    void engine.stop();
    return new Error("nobody hears this");
  });
  const down = once(link, "down");
  const first = await answer(answers);
  t.match(first.json(), { error: { code: "ENGINE_AWAY" } }, "the caller is asked to send them again");
  await down;
  const up = once(link, "up");
  await engine.start();
  await up;
  t.equal((await answer([{ question: "wait", answer: 1 }])).statusCode, 204);
  t.equal((await answer(answers)).statusCode, 404, "now the link is used");
  t.equal(engine.commands.length, 2, "both have reached the engine");
  const core = emptyState();
  const facts = engine.commands.flatMap((command) =>
    command.type === "survey-answers" ? step(core, { ...answersEvent(command), at } as CoreEvent).facts : [],
  );
  t.match(
    facts,
    answers.map((answered) => ({ type: "call.survey", call: "c1", group: "elder", ...answered })),
    "the first ones stand",
  );
  t.equal(facts.length, answers.length);
});

t.test("answers that the engine did not take can be sent again; whoever asks too much waits", async (t) => {
  let away = true;
  const refuse = () => new KontaktlotsError("ENGINE_AWAY", "It starts.", "Wait.");
  const { answer, post } = await room(t, () => (away ? refuse() : new KontaktlotsError("COMMAND_REFUSED", "No.", "No.")));
  t.equal((await answer(answers)).statusCode, 503);
  away = false;
  t.equal((await answer(answers)).statusCode, 409, "it has reached the engine again");
  const codes = new Set<number>();
  for (let n = 0; n < 70; n++) codes.add((await post("/api/survey", { token: "B".repeat(22) })).statusCode);
  t.same([...codes], [404, 429]);
  t.match((await post("/api/survey", { token })).json(), { error: { code: "TOO_MANY_REQUESTS" } });
});
