import { once } from "node:events";
import t from "tap";
import type { StatisticsReply } from "../../src/api/contract.ts";
import { KontaktlotsError } from "../../src/core/errors.ts";
import type { LineView } from "../../src/engine/views.ts";
import { bench, line, own, plan } from "./support.ts";

const command = (cookie: string, payload: object) => ({
  method: "POST" as const,
  url: "/api/agent/command",
  headers: { ...own, cookie },
  payload,
});

t.test("health: 200 while all serve, 503 with what is wrong when not, ENGINE_AWAY while the engine is away", async (t) => {
  const { app, engine, link } = await bench(t);
  const well = await app.inject("/health");
  t.equal(well.statusCode, 200);
  t.same(well.json(), { ok: true, line });

  const problems = [{ code: "STORE_FULL", message: "The disk is full.", mend: "Make room." }];
  const ills: LineView[] = [
    { ...line, store: "degraded", problems },
    { ...line, asterisk: "away", problems },
    { ...line, engine: "starting", problems },
  ];
  for (const ill of ills) {
    const told = once(link, "message");
    engine.push({ type: "line", line: ill });
    await told;
    const reply = await app.inject("/health");
    t.equal(reply.statusCode, 503);
    t.same(reply.json(), { ok: false, line: ill });
  }

  const down = once(link, "down");
  await engine.stop();
  await down;
  const away = await app.inject("/health");
  t.equal(away.statusCode, 503);
  t.match(away.json(), { ok: false, line: { engine: "away", problems: [{ code: "ENGINE_AWAY" }] } });

  const up = once(link, "up");
  await engine.start();
  await up;
  t.equal((await app.inject("/health")).statusCode, 200);
});

t.test("an agent's commands reach the engine under the agent's own name", async (t) => {
  const { app, engine, signIn } = await bench(t);
  const cookie = await signIn("anna");
  for (const payload of [
    { type: "available" },
    { type: "pause", reason: "lunch" },
    { type: "outcome", call: "c1", outcome: "answered" },
  ]) {
    const reply = await app.inject(command(cookie, payload));
    t.equal(reply.statusCode, 204, reply.body);
  }
  t.same(engine.commands, [
    { type: "available", agent: "agent-anna" },
    { type: "pause", reason: "lunch", agent: "agent-anna" },
    { type: "outcome", call: "c1", outcome: "answered", agent: "agent-anna" },
  ]);
});

t.test("commands that are none are refused at the door", async (t) => {
  const { app, engine, signIn } = await bench(t);
  const cookie = await signIn("anna");
  for (const payload of [
    {},
    { type: "fly" },
    { type: "pause", reason: "missed-calls" },
    { type: "available", agent: "agent-bo" },
    { type: "done" },
    { type: "outcome", call: "c", outcome: "great" },
    { type: "done", call: "x".repeat(200) },
  ]) {
    const reply = await app.inject(command(cookie, payload));
    t.equal(reply.statusCode, 400, JSON.stringify(payload));
    t.equal(reply.json().error.code, "REQUEST_INVALID");
  }
  t.same(engine.commands, []);
});

t.test("the engine's refusal comes back with its code; an engine that is away is 503", async (t) => {
  const refuse = () => new KontaktlotsError("COMMAND_REFUSED", "No call rings.", "Wait for one.");
  const { app, engine, link, signIn } = await bench(t, {}, refuse);
  const cookie = await signIn("anna");
  const reply = await app.inject(command(cookie, { type: "available" }));
  t.equal(reply.statusCode, 409);
  t.same(reply.json(), { error: { code: "COMMAND_REFUSED", message: "No call rings.", mend: "Wait for one." } });
  const down = once(link, "down");
  await engine.stop();
  await down;
  const away = await app.inject(command(cookie, { type: "available" }));
  t.equal(away.statusCode, 503);
  t.match(away.json(), { error: { code: "ENGINE_AWAY" } });
});

t.test("an agent gets what the own phone registers with, and nobody else does", async (t) => {
  const { app, signIn } = await bench(t);
  const get = async (user?: string) => {
    const headers = user === undefined ? {} : { cookie: await signIn(user) };
    return app.inject({ url: "/api/agent/phone", headers });
  };
  const reply = await get("anna");
  t.same(reply.json(), { user: "a-agent-anna", domain: "sip.test", password: "anna-secret", path: "/ws" });
  t.equal(reply.headers["cache-control"], "no-store");
  t.equal((await get("bo")).statusCode, 404, "no phone in the browser");
  t.match((await get("lena")).json(), { error: { code: "ROLE_NEEDED" } });
  t.match((await get()).json(), { error: { code: "LOGIN_NEEDED" } });
});

t.test("the demo: log-ins and the citizen's phone while it is on, nothing when it is off", async (t) => {
  const { app } = await bench(t);
  const asked = { method: "POST", url: "/api/demo/phone", headers: own, payload: {} } as const;
  t.match((await app.inject("/api/demo")).json(), { logins: [{ user: "anna", roles: ["agent"] }] });
  const first = (await app.inject(asked)).json();
  const second = (await app.inject(asked)).json();
  t.match(first, { user: "citizen", password: "citizen-secret", path: "/ws", numbers: [{ number: "+46850800001" }] });
  t.match(first.tag, /^[A-Za-z0-9_-]{22}$/);
  t.not(first.tag, second.tag);

  const off = await bench(t, { demo: undefined });
  t.equal((await off.app.inject("/api/demo")).statusCode, 404);
  t.equal((await off.app.inject(asked)).statusCode, 404);
});

t.test("the plan's names are public", async (t) => {
  const { app } = await bench(t);
  t.same((await app.inject("/api/plan")).json(), {
    city: "Provstad",
    numbers: [{ number: "+46850800001", name: plan.numbers[0]?.name }],
    groups: [{ id: "elder", name: plan.groups.elder?.name }],
    districts: ["Bromma", "Farsta"],
    menus: [],
    spoken: ["sv"],
    languages: ["sv", "en", "fi", "ar", "so", "fa", "es", "pl", "tr", "ku"],
  });
});

t.test("statistics: for leads, of a period that exists, with what was asked passed on", async (t) => {
  const asked: object[] = [];
  const figures = {
    async statistics(query: { from: string; to: string }): Promise<StatisticsReply> {
      asked.push(query);
      return {
        ...query,
        asOf: 7,
        rows: [],
        totals: [],
        targets: { fcrPercent: 70, answerTargetS: 60 },
        surveys: { leastAnswers: 5, questions: [], rows: [], totals: [] },
        definitions: [],
      };
    },
    today: async () => [],
  };
  const { app, signIn } = await bench(t, { figures });
  const cookie = await signIn("lena");
  const get = (query: string) => app.inject({ url: `/api/statistics${query}`, headers: { cookie } });
  t.match((await get("?from=2026-11-01&to=2026-11-30")).json(), { from: "2026-11-01", asOf: 7 });
  t.equal((await get("?from=2026-11-01&to=2026-11-01&group=elder")).statusCode, 200);
  t.same(asked, [
    { from: "2026-11-01", to: "2026-11-30" },
    { from: "2026-11-01", to: "2026-11-01", group: "elder" },
  ]);
  for (const wrong of [
    "",
    "?from=2026-11-01",
    "?from=1&to=2",
    "?from=2026-11-01&to=2026-11-30&group=",
    "?from=2001-01-01&to=2026-01-01",
  ]) {
    const reply = await get(wrong);
    t.equal(reply.statusCode, 400, wrong);
    t.equal(reply.json().error.code, "REQUEST_INVALID");
  }
  const agent = await app.inject({
    url: "/api/statistics?from=2026-11-01&to=2026-11-30",
    headers: { cookie: await signIn("anna") },
  });
  t.equal(agent.statusCode, 403);
  t.equal(asked.length, 2);
});

t.test("every error is an ErrorReply; our own failures tell nothing of the inside", async (t) => {
  const { app, signIn } = await bench(t);
  const cookie = await signIn("lena");
  const failed = await app.inject({ url: "/api/statistics?from=2026-11-01&to=2026-11-02", headers: { cookie } });
  t.equal(failed.statusCode, 500);
  t.match(failed.json(), { error: { code: "INTERNAL", message: "Something failed in the server." } });
  t.notMatch(failed.body, /no figures here/);

  const post = (payload: string, type = "application/json") =>
    app.inject({ method: "POST", url: "/api/session", headers: { ...own, "content-type": type }, payload });
  for (const [reply, status, code] of [
    [await app.inject("/api/nothing"), 404, "NOT_FOUND"],
    [await app.inject("/ari/channels"), 404, "NOT_FOUND"],
    [await app.inject("/ari"), 404, "NOT_FOUND"],
    [await app.inject("/ws/../ari"), 404, "NOT_FOUND"],
    [await app.inject("/httpstatus"), 404, "NOT_FOUND"],
    [await app.inject("/ws"), 400, "REQUEST_INVALID"],
    [await app.inject({ method: "PUT", url: "/api/session", headers: own }), 404, "NOT_FOUND"],
    [await post("{no json"), 400, "REQUEST_INVALID"],
    [await post('{"user":"a"}'), 400, "REQUEST_INVALID"],
    [await post("user=a", "application/x-www-form-urlencoded"), 415, "REQUEST_INVALID"],
    [await post(JSON.stringify({ user: "a", password: "x".repeat(20_000) })), 413, "REQUEST_INVALID"],
  ] as const) {
    t.equal(reply.statusCode, status, reply.body);
    t.match(reply.json(), { error: { code, message: /./, mend: /./ } });
  }
});

t.test("pages: one document for all paths, asked for anew; assets kept for ever; nothing else of the disk", async (t) => {
  const { app } = await bench(t);
  for (const path of ["/", "/agent", "/phone", "/statistics", "/live", "/live?x=1", "/agent?x=1"]) {
    const reply = await app.inject(path);
    t.equal(reply.statusCode, 200, path);
    t.match(reply.headers, { "content-type": /^text\/html/, "cache-control": "no-cache" });
    t.match(reply.body, /Kontaktlots/);
  }
  const asset = await app.inject("/assets/main-1a2b3c4d.js");
  t.match(asset.headers, { "content-type": /javascript/, "cache-control": /max-age=31536000, immutable/ });
  for (const path of ["/assets/gone.js", "/assets/../index.html", "/assets/..%2findex.html", "/elsewhere"]) {
    t.equal((await app.inject(path)).statusCode, 404, path);
  }
});

t.test("headers: only our own scripts, no frames, no plain-text upgrade that would break a server without TLS", async (t) => {
  const { app } = await bench(t);
  const { headers } = await app.inject("/");
  const policy = String(headers["content-security-policy"]);
  t.match(policy, /default-src 'none'/);
  t.match(policy, /script-src 'self'(;|$)/);
  t.match(policy, /connect-src 'self'/);
  t.match(policy, /frame-ancestors 'none'/);
  t.notMatch(policy, /upgrade-insecure-requests|unsafe-inline|unsafe-eval/);
  t.match(headers, {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "permissions-policy": /microphone=\(self\)/,
  });
});
