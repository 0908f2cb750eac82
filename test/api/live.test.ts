import { once } from "node:events";
import t from "tap";
import type { GroupWeek, LiveMessage } from "../../src/api/contract.ts";
import type { Figures } from "../../src/api/deps.ts";
import type { CaptionView } from "../../src/engine/views.ts";
import { agentView, bench, board, line, Page, rawUpgrade } from "./support.ts";

const tag = "tag-of-this-call";
const caption = (more: Partial<CaptionView> = {}) =>
  ({ type: "caption", caption: { tag, call: "c1", stage: "menu", text: null, ...more } }) as const;
/** Seldom enough that a page of this process has answered one before the next, however busy the machine. */
const beatMs = 700;
const isPlace = (place: number) => (message: LiveMessage) => message.type === "caption" && message.caption.place === place;

t.test("without a log-in: how the line stands, and the captions of one's own call", async (t) => {
  const { engine, link, listen } = await bench(t);
  const host = await listen();
  const page = new Page(t, host, `?tag=${tag}`);
  t.same(await page.untilType("line"), { type: "line", line });
  const last = once(link, "message");
  engine.push({ type: "board", board });
  engine.push({ type: "agent", agent: agentView("agent-anna") });
  engine.push(caption({ tag: "tag-of-another", place: 1 }));
  engine.push(caption({ place: 2 }));
  await last;
  t.same(await page.until(isPlace(2)), caption({ place: 2 }));
  t.same(page.types(), ["line", "caption"]);

  const again = new Page(t, host, `?tag=${tag}`);
  t.same(await again.until(isPlace(2)), caption({ place: 2 }), "a phone that comes back sees where its call is");
  engine.push(caption({ stage: "ended", place: 3 }));
  await again.until(isPlace(3));
  const later = new Page(t, host, `?tag=${tag}`);
  await later.untilType("line");
  engine.push(caption({ place: 4 }));
  await later.until(isPlace(4));
  t.same(later.types(), ["line", "caption"], "a call that is over is not told of");
});

t.test("no captions while the demo is off", async (t) => {
  const { engine, listen } = await bench(t, { demo: undefined });
  const page = new Page(t, await listen(), `?tag=${tag}`);
  await page.untilType("line");
  engine.push(caption());
  engine.push({ type: "line", line: { ...line, store: "degraded" } });
  await page.until((message) => message.type === "line" && message.line.store === "degraded");
  t.same(page.types(), ["line", "line"]);
});

t.test("an agent sees the board and the own state, and nobody else's", async (t) => {
  const { engine, listen, signIn } = await bench(t);
  const host = await listen();
  const page = new Page(t, host, "", { cookie: await signIn("anna") });
  t.same(await page.untilType("agent"), { type: "agent", agent: agentView("agent-anna") });
  t.same(await page.untilType("board"), { type: "board", board });
  engine.push({ type: "agent", agent: agentView("agent-bo", { state: "talking" }) });
  engine.push({ type: "agent", agent: agentView("agent-anna", { state: "paused" }) });
  await page.until((message) => message.type === "agent" && message.agent.state === "paused");
  t.notOk(page.told.some((message) => message.type === "agent" && message.agent.id !== "agent-anna"));
  t.notOk(page.types().includes("caption"));
});

t.test("a lead sees the board and no agent's own view", async (t) => {
  const { engine, listen, signIn } = await bench(t);
  const page = new Page(t, await listen(), "", { cookie: await signIn("lena") });
  await page.untilType("board");
  engine.push({ type: "agent", agent: agentView("agent-anna") });
  engine.push({ type: "board", board: { ...board, at: 5 } });
  await page.until((message) => message.type === "board" && message.board.at === 5);
  t.notOk(page.types().includes("agent"));
});

t.test("the engine goes and comes back: the page is told both", async (t) => {
  const { engine, listen, signIn } = await bench(t);
  const page = new Page(t, await listen(), "", { cookie: await signIn("anna") });
  await page.untilType("agent");
  await engine.stop();
  const away = await page.until((message) => message.type === "line" && message.line.engine === "away");
  t.match(away, { line: { problems: [{ code: "ENGINE_AWAY" }] } });
  const before = page.told.length;
  await engine.start();
  await page.until((message) => page.told.indexOf(message) >= before && message.type === "agent");
  t.same(
    page
      .types()
      .slice(before)
      .filter((type) => type !== "today"),
    ["line", "line", "board", "agent"],
  );
});

t.test("one tab at a time holds the agent's phone", async (t) => {
  const { listen, signIn } = await bench(t);
  const host = await listen();
  const cookie = await signIn("anna");
  const first = new Page(t, host, "?phone=1", { cookie });
  await first.untilType("agent");
  const second = new Page(t, host, "?phone=1", { cookie });
  t.same(await second.closed, { code: 4409, reason: "AGENT_SECOND_TAB" });
  t.same(second.told, []);

  const bo = new Page(t, host, "?phone=1", { cookie: await signIn("bo") });
  await bo.untilType("agent");
  const looksOn = new Page(t, host, "", { cookie });
  await looksOn.untilType("agent");

  const taker = new Page(t, host, "?phone=1&take=1", { cookie });
  await taker.untilType("agent");
  await first.untilType("second-tab");
  t.equal(first.socket.readyState, first.socket.OPEN, "stays as one that looks on");
  t.notOk([...bo.types(), ...looksOn.types(), ...taker.types()].includes("second-tab"));

  first.socket.close();
  await first.closed;
  const third = new Page(t, host, "?phone=1", { cookie });
  t.match(await third.closed, { code: 4409 }, "that the older goes frees nothing");
  taker.socket.close();
  await taker.closed;
  const fourth = new Page(t, host, "?phone=1", { cookie });
  await fourth.untilType("agent");
});

t.test("two tabs that come at once: one gets the phone", async (t) => {
  const { listen, signIn } = await bench(t);
  const host = await listen();
  const cookie = await signIn("anna");
  const pages = [1, 2, 3].map(() => new Page(t, host, "?phone=1", { cookie }));
  const ends = pages.map(async (page) => Promise.race([page.closed.then(({ reason }) => reason), page.untilType("agent")]));
  const results = await Promise.allSettled(ends);
  const refused = results.filter((result) => result.status === "fulfilled" && result.value === "AGENT_SECOND_TAB");
  t.equal(refused.length, 2);
});

t.test("a tab whose network is gone does not keep the phone", async (t) => {
  const { listen, signIn } = await bench(t);
  const host = await listen();
  const cookie = await signIn("anna");
  const { head } = await rawUpgrade(t, host, "/live?phone=1", { cookie }); // answers no ping
  t.match(head, /^HTTP\/1.1 101 /);
  const page = new Page(t, host, "?phone=1", { cookie });
  await page.untilType("agent");
});

t.test("the phone is for agents who are signed in", async (t) => {
  const { listen, signIn } = await bench(t);
  const host = await listen();
  t.same(await new Page(t, host, "?phone=1").closed, { code: 4401, reason: "LOGIN_NEEDED" });
  const lead = new Page(t, host, "?phone=1", { cookie: await signIn("lena") });
  t.same(await lead.closed, { code: 4403, reason: "ROLE_NEEDED" });
});

t.test("who signs out, or whose session ends, is let go; others stay", async (t) => {
  const { app, clock, listen, signIn } = await bench(t, { beatMs });
  const host = await listen();
  const cookie = await signIn("anna");
  const anna = new Page(t, host, "?phone=1", { cookie });
  await anna.untilType("agent");
  const bo = new Page(t, host, "", { cookie: await signIn("bo") });
  await bo.untilType("agent");
  const nobody = new Page(t, host);
  await nobody.untilType("line");
  const headers = { host, origin: `http://${host}`, cookie };
  t.equal((await app.inject({ method: "DELETE", url: "/api/session", headers })).statusCode, 204);
  t.same(await anna.closed, { code: 4401, reason: "LOGIN_NEEDED" });
  t.equal(bo.socket.readyState, bo.socket.OPEN);
  clock.now += 13 * 3_600_000;
  t.same(await bo.closed, { code: 4401, reason: "LOGIN_NEEDED" });
  t.equal(nobody.socket.readyState, nobody.socket.OPEN);
});

t.test("the line is repeated as a sign of life, and a page that gives none is let go", async (t) => {
  const { listen } = await bench(t, { beatMs });
  const host = await listen();
  const page = new Page(t, host);
  const dead = await rawUpgrade(t, host, "/live");
  dead.socket.resume();
  await once(dead.socket, "close");
  await page.until(() => page.told.length >= 5);
  t.same([...new Set(page.types())], ["line"]);
});

t.test("a page that does not read is let go, and keeps nobody waiting", async (t) => {
  const { engine, listen, signIn } = await bench(t);
  const host = await listen();
  const cookie = await signIn("lena");
  const slow = await rawUpgrade(t, host, "/live", { cookie });
  slow.socket.pause();
  const page = new Page(t, host, "", { cookie });
  await page.untilType("board");
  const groups = Array.from({ length: 1000 }, (_, index) => ({
    id: `group-${index}`,
    name: { sv: "x".repeat(50), en: "x".repeat(50) },
    waiting: 0,
    longestSince: null,
    free: 0,
    talking: 0,
    signedIn: 0,
  }));
  for (let at = 100; at < 160; at += 1) {
    engine.push({ type: "board", board: { ...board, at, groups } });
    await page.until((message) => message.type === "board" && message.board.at === at);
  }
  // What lay in the kernel's buffers comes out, and then the end.
  let bytes = 0;
  slow.socket.on("data", (chunk) => (bytes += chunk.length));
  slow.socket.resume();
  await once(slow.socket, "close");
  t.ok(bytes < 60 * JSON.stringify(groups).length, `${bytes} bytes of 60 boards`);
});

t.test("only pages of our own may listen", async (t) => {
  const { listen } = await bench(t);
  const host = await listen();
  for (const origin of ["", "null", "https://elsewhere.example", `https://${host}.elsewhere.example`]) {
    const { head } = await rawUpgrade(t, host, "/live", { origin });
    t.match(head, /^HTTP\/1.1 400 /, origin);
    t.match(head, /connection: close/i);
  }
});

t.test("broken WebSocket requests are refused and hurt nobody", async (t) => {
  const { app, listen } = await bench(t);
  const host = await listen();
  for (const headers of [
    { "sec-websocket-key": "" },
    { "sec-websocket-key": "short" },
    { "sec-websocket-version": "7" },
  ] as Record<string, string>[]) {
    const { head } = await rawUpgrade(t, host, "/live", headers);
    t.match(head, /^HTTP\/1.1 4/);
  }
  t.match((await rawUpgrade(t, host, "/live?tag=short")).head, /^HTTP\/1.1 400 /);
  t.match((await rawUpgrade(t, host, "/api/session")).head, /^HTTP\/1.1 401 /, "as if no upgrade had been asked for");
  t.match((await rawUpgrade(t, host, "/live", { upgrade: "h2c" })).head, /^HTTP\/1.1 200 /);
  const cut = await rawUpgrade(t, host, "/live");
  cut.socket.resetAndDestroy();
  const noisy = await rawUpgrade(t, host, "/live");
  noisy.socket.resume();
  noisy.socket.write("not a frame at all, and longer than any header");
  await once(noisy.socket, "close");
  t.equal((await app.inject("/health")).statusCode, 200);
});

t.test("the figures of the day: after a change, once a second at most, told only when they differ", async (t) => {
  let offered = 0;
  let looks = 0;
  let firstWithOne = 0;
  const row = (): Omit<GroupWeek, "week"> => {
    const ratio = { formula: "availability/1", numerator: 0, denominator: 0, value: null };
    return {
      group: "*",
      offered,
      answered: 0,
      abandoned: 0,
      availability: ratio,
      fcr: ratio,
      serviceLevel: ratio,
      meanWaitS: null,
    };
  };
  const looked = new EventTarget();
  const figures: Figures = {
    statistics: () => Promise.reject(new Error("not asked for here")),
    async today() {
      looks += 1;
      looked.dispatchEvent(new Event(`look ${looks}`));
      if (looks === 2) throw new Error("the log is busy");
      if (offered === 1) firstWithOne ||= looks;
      return [row()];
    },
  };
  const { engine, listen, signIn } = await bench(t, { figures, beatMs: 600_000 });
  const host = await listen();
  const nobody = new Page(t, host);
  await nobody.untilType("line");
  t.equal(looks, 0, "nobody may see them, so nobody looks");
  const lead = new Page(t, host, "", { cookie: await signIn("lena") });
  const second = once(looked, "look 2");
  await lead.untilType("today");
  const hasOffered = (count: number) => (message: LiveMessage) => message.type === "today" && message.rows[0]?.offered === count;
  for (let at = 10; at < 30; at += 1) engine.push({ type: "board", board: { ...board, at } });
  await second;
  offered = 1;
  engine.push({ type: "board", board: { ...board, at: 40 } });
  await lead.until(hasOffered(1));
  t.equal(firstWithOne, 3, "twenty changes within a second are one look, and one that failed is made good by the next");
  const agent = new Page(t, host, "", { cookie: await signIn("anna") });
  await agent.until(hasOffered(1));
  t.notOk(nobody.types().includes("today"));
  t.equal(lead.types().filter((type) => type === "today").length, 2);

  const next = once(looked, `look ${looks + 1}`);
  engine.push({ type: "board", board: { ...board, at: 50 } });
  await next;
  offered = 2;
  await lead.until(hasOffered(2));
  t.pass("what reached the log a moment after the look is seen without another change");
});

t.test("a page that opens when nobody has looked for a while is told the figures of now", async (t) => {
  let offered = 0;
  let looks = 0;
  const looked = new EventTarget();
  const figures: Figures = {
    statistics: () => Promise.reject(new Error("not asked for here")),
    async today() {
      looks += 1;
      looked.dispatchEvent(new Event(`look ${looks}`));
      const none = { formula: "availability/1", numerator: 0, denominator: 0, value: null };
      const counts = { offered, answered: 0, abandoned: 0, meanWaitS: null };
      return [{ group: "*", ...counts, availability: none, fcr: none, serviceLevel: none }];
    },
  };
  const { listen, signIn } = await bench(t, { figures });
  const host = await listen();
  const cookie = await signIn("lena");
  const second = once(looked, "look 2");
  const evening = new Page(t, host, "", { cookie });
  await evening.untilType("today");
  await second;
  evening.socket.close();
  await evening.closed;
  offered = 7;
  const morning = new Page(t, host, "", { cookie });
  await morning.until((message) => message.type === "today" && message.rows[0]?.offered === 7);
  t.same(evening.types().includes("today"), true);
});

t.test("a new day shows on a board on which nothing else happens", async (t) => {
  let offered = 12;
  let looks = 0;
  const looked = new EventTarget();
  const none = { formula: "availability/1", numerator: 0, denominator: 0, value: null };
  const counts = { answered: 0, abandoned: 0, meanWaitS: null, availability: none, fcr: none, serviceLevel: none };
  const figures: Figures = {
    statistics: () => Promise.reject(new Error("not asked for here")),
    async today() {
      looked.dispatchEvent(new Event(`look ${++looks}`));
      return [{ group: "*", offered, ...counts }];
    },
  };
  const { listen, signIn } = await bench(t, { figures, beatMs });
  // As many as follow a change: none comes after it by itself.
  const second = once(looked, "look 2");
  const board = new Page(t, await listen(), "", { cookie: await signIn("lena") });
  const shows = (count: number) => (message: LiveMessage) => message.type === "today" && message.rows[0]?.offered === count;
  await board.until(shows(12));
  await second;
  offered = 0;
  t.match(await board.until(shows(0)), { rows: [{ group: "*", offered: 0 }] }, "at midnight");
});

t.test("when the front stops, pages are told to come back", async (t) => {
  const { app, listen } = await bench(t);
  const page = new Page(t, await listen());
  await page.untilType("line");
  await app.close();
  t.equal((await page.closed).code, 1001);
});
