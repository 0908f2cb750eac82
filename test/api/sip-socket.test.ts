import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Socket } from "node:net";
import t, { type Test } from "tap";
import { WebSocket, WebSocketServer } from "ws";
import { bench, hostOf, rawUpgrade } from "./support.ts";

/** Stands in for Asterisk's HTTP server: /ws says everything back. Collects what it was asked. */
async function echo(t: Test) {
  const server = createHttpServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end("Asterisk's own");
  });
  const asked: string[] = [];
  const sockets = new WebSocketServer({ server, path: "/ws", handleProtocols: () => "sip", perMessageDeflate: false });
  const connections: WebSocket[] = [];
  sockets.on("connection", (socket, request) => {
    asked.push(`${request.method} ${request.url} ${Object.keys(request.headers).sort().join(" ")}`);
    connections.push(socket);
    socket.on("message", (data, binary) => socket.send(data, { binary }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => {
    for (const socket of connections) socket.terminate();
    server.close();
  });
  return { asked, connections, sockets, asteriskUrl: `http://${hostOf(server.address())}` };
}

/** A TCP server of bytes alone, to answer an upgrade however a test likes. */
async function bytes(t: Test, onConnection: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    onConnection(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://${hostOf(server.address())}`;
}

const accept =
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: sip\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
const sip = { "sec-websocket-protocol": "sip" };

async function phone(t: Test, host: string, options: { origin?: string } = {}): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${host}/ws`, ["sip"], { origin: `http://${host}`, ...options });
  t.teardown(() => socket.terminate());
  await once(socket, "open");
  return socket;
}

t.test("what a phone says reaches Asterisk and comes back, of any size, and no header but the WebSocket's", async (t) => {
  const { asked, asteriskUrl } = await echo(t);
  const { listen, signIn } = await bench(t, { asteriskUrl });
  const host = await listen();
  const socket = new WebSocket(`ws://${host}/ws`, ["sip"], {
    origin: `http://${host}`,
    headers: { cookie: await signIn("anna") },
  });
  t.teardown(() => socket.terminate());
  await once(socket, "open");
  t.equal(socket.protocol, "sip");
  for (const text of ["OPTIONS sip:a SIP/2.0\r\n\r\n", "", "å".repeat(300_000)]) {
    socket.send(text);
    const [data, binary] = await once(socket, "message");
    t.ok(String(data) === text && !binary);
  }
  t.same(asked, ["GET /ws connection host sec-websocket-key sec-websocket-protocol sec-websocket-version upgrade"]);
});

t.test("the phone's connection outlives the engine", async (t) => {
  const { asteriskUrl } = await echo(t);
  const { engine, link, listen } = await bench(t, { asteriskUrl });
  const socket = await phone(t, await listen());
  const down = once(link, "down");
  await engine.stop();
  await down;
  socket.send("still there?");
  t.equal(String((await once(socket, "message"))[0]), "still there?");
  const up = once(link, "up");
  await engine.start();
  await up;
  socket.send("and now?");
  t.equal(String((await once(socket, "message"))[0]), "and now?");
});

t.test("when one side goes, the other goes too, whichever way", async (t) => {
  const { asteriskUrl, connections, sockets } = await echo(t);
  const { app, listen } = await bench(t, { asteriskUrl });
  const host = await listen();
  const ways: [string, (phone: WebSocket, asterisk: WebSocket) => void][] = [
    ["phone closes", (phone) => phone.close()],
    ["phone is cut off", (phone) => phone.terminate()],
    ["Asterisk closes", (_, asterisk) => asterisk.close()],
    ["Asterisk is cut off", (_, asterisk) => asterisk.terminate()],
    ["the front stops", () => void app.close()],
  ];
  for (const [name, end] of ways) {
    const accepted = once(sockets, "connection");
    const socket = await phone(t, host);
    await accepted;
    const upstream = connections.at(-1);
    if (upstream === undefined) return t.fail("not connected");
    const both = Promise.all([once(socket, "close"), once(upstream, "close")]);
    end(socket, upstream);
    await both;
    t.pass(name);
  }
});

t.test("a connection that is reset on either side takes the other along", async (t) => {
  const upstreams: Socket[] = [];
  const asteriskUrl = await bytes(t, (socket) => {
    upstreams.push(socket);
    socket.once("data", () => socket.write(accept));
  });
  const { listen } = await bench(t, { asteriskUrl });
  const host = await listen();
  for (const side of ["phone", "Asterisk"]) {
    const { socket } = await rawUpgrade(t, host, "/ws", sip);
    const upstream = upstreams.at(-1);
    if (upstream === undefined) return t.fail("not connected");
    socket.resume();
    const other = once(side === "phone" ? upstream : socket, "close");
    (side === "phone" ? socket : upstream).resetAndDestroy();
    await other;
    t.pass(side);
  }
});

t.test("what Asterisk said last still arrives when it goes", async (t) => {
  const last = Buffer.alloc(3_000_000, 7);
  const asteriskUrl = await bytes(t, (socket) => {
    socket.once("data", () => {
      socket.write(accept);
      socket.end(last);
    });
  });
  const { listen } = await bench(t, { asteriskUrl });
  const { socket, rest } = await rawUpgrade(t, await listen(), "/ws", sip);
  let got = rest.length;
  socket.on("data", (chunk) => (got += chunk.length));
  await once(socket, "close");
  t.equal(got, last.length);
});

t.test("a phone that does not read holds Asterisk back, instead of filling our memory", async (t) => {
  const total = 64 * 1024 * 1024;
  let written = 0;
  const asteriskUrl = await bytes(t, (socket) => {
    socket.once("data", () => {
      socket.write(accept);
      const chunk = Buffer.alloc(64 * 1024);
      const more = (): void => {
        if (written < total) socket.write(chunk, () => more());
        written += chunk.length;
      };
      more();
    });
  });
  const { listen } = await bench(t, { asteriskUrl });
  const { socket, rest } = await rawUpgrade(t, await listen(), "/ws", sip);
  let got = rest.length;
  let furthest = 0;
  // Reads a little each time the loop comes round, in which the front could take in far more.
  for (;;) {
    const chunk: Buffer | null = socket.read(16 * 1024) ?? socket.read();
    got += chunk?.length ?? 0;
    furthest = Math.max(furthest, written - got);
    if (got >= total) break;
    if (chunk === null) await once(socket, "readable");
    else await new Promise((resolve) => setImmediate(resolve));
  }
  t.equal(got, total);
  t.ok(furthest < 24 * 1024 * 1024, `${furthest} bytes were under way at most`);
});

t.test("only pages of our own, only the protocol sip, only this address", async (t) => {
  const { asked, asteriskUrl } = await echo(t);
  const { listen } = await bench(t, { asteriskUrl });
  const host = await listen();
  for (const [path, headers, status] of [
    ["/ws", { ...sip, origin: "https://elsewhere.example" }, 400],
    ["/ws", { ...sip, origin: "" }, 400],
    ["/ws", {}, 400],
    ["/ws", { "sec-websocket-protocol": "ari" }, 400],
    ["/ws", { ...sip, upgrade: "h2c" }, 400],
    ["/ws/", sip, 404],
    ["/ws/../ari/events?app=kontaktlots", sip, 404],
    ["/ws%2f..%2fari", sip, 404],
    ["//ws", sip, 404],
    ["/ari", sip, 404],
    ["/ari/events?app=kontaktlots&api_key=a:b", sip, 404],
    ["/httpstatus", {}, 404],
  ] as [string, Record<string, string>, number][]) {
    const { head } = await rawUpgrade(t, host, path, headers);
    t.match(head, new RegExp(`^HTTP/1.1 ${status} `), `${path} ${JSON.stringify(headers)}`);
  }
  t.same(asked, []);
});

t.test("when Asterisk will not have it, the phone is told so, and nothing more gets through", async (t) => {
  let heard = "";
  let connections = 0;
  const asteriskUrl = await bytes(t, (socket) => {
    connections += 1;
    socket.on("data", (data) => (heard += data));
    // Keeps the connection open, as for another request: nobody may get to use it.
    socket.once("data", () => socket.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno"));
  });
  const { listen } = await bench(t, { asteriskUrl });
  const { socket, head } = await rawUpgrade(t, await listen(), "/ws", sip);
  t.match(head, /^HTTP\/1.1 503 /);
  socket.write("GET /ari/channels HTTP/1.1\r\nHost: a\r\n\r\n");
  socket.resume();
  await once(socket, "close");
  t.equal(connections, 1);
  t.match(heard, /^GET \/ws HTTP\/1.1\r\n/);
  t.notMatch(heard, /\/ari/);
});

t.test("what a phone sends before it is let in waits until then", async (t) => {
  const heard: string[] = [];
  const asteriskUrl = await bytes(t, (socket) => {
    socket.on("data", (data) => {
      heard.push(String(data));
      if (heard.length === 1) setImmediate(() => socket.write(accept));
    });
  });
  const { app, listen } = await bench(t, { asteriskUrl });
  const { socket } = await rawUpgrade(t, await listen(), "/ws", sip, "too early");
  t.notMatch(heard[0], /too early/);
  socket.end();
  await once(socket, "close");
  t.equal(heard.slice(1).join(""), "too early");
  await app.close();
});

t.test("the front stops even while Asterisk keeps a phone waiting", async (t) => {
  let waits = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    waits = resolve;
  });
  const asteriskUrl = await bytes(t, (socket) => {
    socket.resume();
    waits();
  });
  const { app, listen } = await bench(t, { asteriskUrl });
  const refused = t.rejects(rawUpgrade(t, await listen(), "/ws", sip), /no answer/);
  await waiting;
  await app.close();
  await refused;
});

t.test("no Asterisk: 503, as an ErrorReply", async (t) => {
  const unused = createServer().listen(0, "127.0.0.1");
  await once(unused, "listening");
  const asteriskUrl = `http://${hostOf(unused.address())}`;
  unused.close();
  await once(unused, "close");
  const { listen } = await bench(t, { asteriskUrl });
  const { head, rest } = await rawUpgrade(t, await listen(), "/ws", sip);
  t.match(head, /^HTTP\/1.1 503 /);
  t.match(JSON.parse(String(rest)), { error: { code: "ASTERISK_UNREACHABLE" } });
});
