import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { pino } from "pino";
import t, { type Test } from "tap";
import { KontaktlotsError } from "../../src/core/errors.ts";
import { onLines } from "../../src/engine/lines.ts";
import { createLinkServer, type LinkServerOptions } from "../../src/engine/link.ts";
import { type EngineNews, LinkClient } from "../../src/engine/link-client.ts";
import type { EngineCommand, FromEngine } from "../../src/engine/link-protocol.ts";
import type { AgentView, BoardView, CaptionView, LineView } from "../../src/engine/views.ts";

const log = pino({ level: "silent" });
const line: LineView = { engine: "serving", asterisk: "connected", store: "ok", problems: [] };
const board: BoardView = {
  at: 1,
  inMenu: 0,
  waiting: 0,
  longestSince: null,
  free: 0,
  talking: 0,
  groups: [],
  longest: [],
  callbacks: [],
  announcements: [],
  problems: [],
};
const available: EngineCommand = { type: "available", agent: "anna" };

function agent(id: string): AgentView {
  return { id, name: id, groups: [], state: "available", since: 1, reachable: true, missedInRow: 0 };
}

function state(...agents: string[]): FromEngine[] {
  return [
    { type: "line", line },
    { type: "board", board },
    ...agents.map((id) => ({ type: "agent", agent: agent(id) }) as const),
  ];
}

function caption(place: number): FromEngine & { caption: CaptionView } {
  return { type: "caption", caption: { tag: "t", call: "c", stage: "queue", text: null, place } };
}

/** A folder with a short path: a unix socket's has at most 107 bytes. */
function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), "kl-link-"));
  t.teardown(() => rmSync(path, { recursive: true }));
  return path;
}

async function serve(t: Test, path: string, more: Partial<LinkServerOptions> = {}) {
  const server = await createLinkServer({ path, log, onCommand: async () => {}, fullState: () => state("anna"), ...more });
  t.teardown(() => server.close());
  return server;
}

function client(t: Test, path: string, replyMs = 60_000): LinkClient {
  const link = new LinkClient({ path, log, replyMs, retryMs: 5 });
  t.teardown(() => link.close());
  return link;
}

/** The news up to and including the first that `last` says yes to. */
async function newsUntil(link: LinkClient, last: (news: EngineNews) => boolean): Promise<EngineNews[]> {
  const all: EngineNews[] = [];
  await new Promise<void>((resolve) => {
    const onMessage = (news: EngineNews): void => {
      all.push(news);
      if (last(news)) {
        link.off("message", onMessage);
        resolve();
      }
    };
    link.on("message", onMessage);
  });
  return all;
}

const isPlace = (place: number) => (news: EngineNews) => news.type === "caption" && news.caption.place === place;
const isAgent = (id: string) => (news: EngineNews) => news.type === "agent" && news.agent.id === id;

/** A connection without our client: to misbehave with. */
async function raw(t: Test, path: string): Promise<Socket> {
  const socket = createConnection(path);
  t.teardown(() => socket.destroy());
  socket.on("error", () => {}); // being dropped is what is tested
  await once(socket, "connect");
  return socket;
}

t.test("a front is told the whole state, then everything that is pushed, in order", async (t) => {
  const path = join(folder(t), "link");
  const server = await serve(t, path, { fullState: () => state("anna", "bo") });
  t.equal(statSync(path).mode & 0o777, 0o600);
  const link = client(t, path);
  await newsUntil(link, isAgent("bo"));
  t.ok(link.up);
  t.same(link.line, line);
  t.same(link.board, board);
  t.same([...link.agents.keys()], ["anna", "bo"]);
  const all = newsUntil(link, isPlace(500));
  for (let place = 1; place <= 500; place += 1) server.push(caption(place));
  t.same(
    await all,
    Array.from({ length: 500 }, (_, index) => caption(index + 1)),
  );
});

t.test("a command arrives as it was sent; a refusal comes back with its code", async (t) => {
  const path = join(folder(t), "link");
  const got: EngineCommand[] = [];
  await serve(t, path, {
    async onCommand(command) {
      got.push(command);
      if (command.type === "done") throw new KontaktlotsError("COMMAND_REFUSED", "No call is wrapped up.", "Nothing to do.");
      if (command.type === "hang-up") throw new Error("a slip");
    },
  });
  const link = client(t, path);
  await once(link, "up");
  const commands: EngineCommand[] = [
    available,
    { type: "pause", agent: "anna", reason: "lunch" },
    { type: "sign-out", agent: "anna" },
    { type: "answering", agent: "anna", call: "c1" },
    { type: "refuse", agent: "anna", call: "c1" },
    { type: "district", agent: "anna", call: "c1", district: "Södermalm" },
    { type: "outcome", agent: "anna", call: "c1", outcome: "taken-care-of" },
    { type: "agents-changed" },
  ];
  await Promise.all(commands.map((command) => link.send(command)));
  t.same(got, commands);
  await t.rejects(link.send({ type: "done", agent: "anna", call: "c1" }), {
    code: "COMMAND_REFUSED",
    message: "No call is wrapped up.",
    mend: "Nothing to do.",
  });
  await t.rejects(link.send({ type: "hang-up", agent: "anna", call: "c1" }), { code: "INTERNAL", message: "a slip" });
});

t.test("the engine may start later, end and start again: the front comes back and forgets who is gone", async (t) => {
  const path = join(folder(t), "link");
  const link = client(t, path);
  await t.rejects(link.send(available), { code: "ENGINE_AWAY" });
  const up = once(link, "up");
  const first = await serve(t, path, { fullState: () => state("anna", "bo") });
  await up;
  if (!link.agents.has("bo")) await newsUntil(link, isAgent("bo"));
  const down = once(link, "down");
  await first.close();
  await down;
  t.notOk(link.up);
  t.same([...link.agents.keys()], ["anna", "bo"], "what was known stays readable");
  const back = newsUntil(link, isAgent("cia"));
  await serve(t, path, { fullState: () => state("cia") });
  await back;
  t.ok(link.up);
  t.same([...link.agents.keys()], ["cia"]);
});

t.test("a command under way when the link is lost settles as ENGINE_AWAY", async (t) => {
  const path = join(folder(t), "link");
  let arrived = (): void => {};
  const taken = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const server = await serve(t, path, {
    onCommand: () => {
      arrived();
      return new Promise(() => {});
    },
  });
  const link = client(t, path);
  await once(link, "up");
  const sent = t.rejects(link.send(available), { code: "ENGINE_AWAY" });
  await taken;
  await server.close();
  await sent;
});

t.test("a command that is never answered settles as ENGINE_AWAY, and a late answer hurts nobody", async (t) => {
  const path = join(folder(t), "link");
  let answer = (): void => {};
  await serve(t, path, {
    onCommand: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  const link = client(t, path, 20);
  await once(link, "up");
  await t.rejects(link.send(available), { code: "ENGINE_AWAY" });
  answer();
  await t.rejects(link.send(available), { code: "ENGINE_AWAY" });
  t.ok(link.up);
});

t.test("an engine that accepts and says nothing is not up", async (t) => {
  const path = join(folder(t), "link");
  const mute = createServer();
  mute.listen(path);
  const link = client(t, path);
  const [socket]: Socket[] = await once(mute, "connection");
  await t.rejects(link.send(available), { code: "ENGINE_AWAY" });
  t.notOk(link.up);
  const up = once(link, "up");
  socket?.write(`${JSON.stringify({ type: "line", line })}\n`);
  await up;
  link.close();
  await new Promise((resolve) => mute.close(resolve));
});

t.test("a socket file left by a killed engine is replaced", async (t) => {
  const path = join(folder(t), "link");
  const code = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => console.log("up"))`;
  const killed = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  await once(killed.stdout, "data");
  killed.kill("SIGKILL");
  await once(killed, "exit");
  t.ok(statSync(path).isSocket());
  await serve(t, path);
  await once(client(t, path), "up");
});

t.test("a socket that cannot be made is refused with what to mend", async (t) => {
  for (const path of [join(folder(t), "missing", "link"), join(folder(t), "x".repeat(120))]) {
    await t.rejects(serve(t, path), { code: "SETTING_INVALID", mend: /STATE_DIR/ });
  }
});

t.test("a front that does not read is dropped; the others miss nothing", async (t) => {
  const path = join(folder(t), "link");
  let dropped = 0;
  const watched = pino({ level: "warn" }, { write: (text) => (dropped += text.includes("does not read") ? 1 : 0) });
  const server = await serve(t, path, { log: watched, maxUnreadBytes: 256 * 1024 });
  const link = client(t, path);
  await once(link, "up");
  const slow = await raw(t, path);
  await once(slow, "data"); // let in, and told the state
  slow.pause();
  let place = 0;
  while (dropped === 0 && place < 100_000) {
    const start = place;
    const burst = newsUntil(link, isPlace(start + 200));
    while (place < start + 200) server.push(caption(++place));
    const told = (await burst).map((news) => (news.type === "caption" ? news.caption.place : news.type));
    t.strictSame(
      told,
      Array.from({ length: 200 }, (_, index) => start + index + 1),
    );
  }
  t.equal(dropped, 1);
  slow.resume();
  await once(slow, "close");
  t.ok(link.up);
});

t.test("garbage from a front: it is dropped, with a reply where one can be addressed, and nobody else notices", async (t) => {
  const path = join(folder(t), "link");
  const got: EngineCommand[] = [];
  await serve(t, path, {
    async onCommand(command) {
      got.push(command);
    },
  });
  const link = client(t, path);
  await once(link, "up");
  for (const garbage of ["GET / HTTP/1.1", "{}", "[]", "null", "", '{"id":1', '{"id":"1"}', "\u0000", "x".repeat(70_000)]) {
    const socket = await raw(t, path);
    socket.resume();
    socket.write(`${garbage}\n`);
    await once(socket, "close");
  }
  const strange = [
    { id: 1, command: { type: "fly", agent: "anna" } },
    { id: 2, command: { type: "available" } },
    { id: 3, command: { type: "pause", agent: "anna", reason: "missed-calls" } },
    { id: 4, command: { ...available, extra: 1 } },
    { id: 5, command: { type: "outcome", agent: "anna", call: "c", outcome: "great" } },
    { id: 6, command: { type: "agents-changed", agent: "anna" } },
  ];
  const socket = await raw(t, path);
  const replies: unknown[] = [];
  const all = new Promise<void>((resolve) => {
    onLines(socket, 100_000, (text) => {
      const message: FromEngine = JSON.parse(text);
      if (message.type === "reply") replies.push(message);
      if (replies.length === strange.length) resolve();
    });
  });
  for (const message of strange) socket.write(`${JSON.stringify(message)}\n`);
  await all;
  t.match(
    replies,
    strange.map(({ id }) => ({ id, ok: false, code: "COMMAND_INVALID" })),
  );
  t.same(got, []);
  t.ok(link.up);
  await link.send(available);
  t.same(got, [available]);
});

t.test("garbage from the engine: the front connects anew", async (t) => {
  const path = join(folder(t), "link");
  const said = ["no JSON", '{"type":"line"}', '{"type":"agent","agent":{}}', `${JSON.stringify({ type: "line", line })}`];
  const odd = createServer((socket) => {
    socket.on("error", () => {});
    socket.write(`${said.shift()}\n`);
  });
  odd.listen(path);
  const link = client(t, path);
  await once(link, "up");
  t.same(said, []);
  link.close();
  await new Promise((resolve) => odd.close(resolve));
});

t.test("lines come out whole, however the bytes were cut", async (t) => {
  const texts = fc.array(fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\n")));
  const cuts = fc.infiniteStream(fc.integer({ min: 1, max: 9 }));
  const property = fc.asyncProperty(texts, cuts, async (lines, sizes) => {
    const stream = new PassThrough();
    const got: string[] = [];
    onLines(stream, 10_000, (text) => got.push(text));
    const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(""));
    let at = 0;
    for (const size of sizes) {
      if (at >= bytes.length) break;
      stream.write(bytes.subarray(at, at + size));
      at += size;
    }
    stream.end();
    await once(stream, "end");
    t.same(got, lines);
  });
  await fc.assert(property);
});
