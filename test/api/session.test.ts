import { createHash } from "node:crypto";
import t from "tap";
import { bench, own } from "./support.ts";

const login = (payload: object, headers: Record<string, string> = own) =>
  ({ method: "POST", url: "/api/session", headers, payload }) as const;
const right = { user: "anna", password: "anna's password" };

t.test("sign in, be known, sign out", async (t) => {
  const { app, accounts } = await bench(t);
  t.match((await app.inject("/api/session")).json(), { error: { code: "LOGIN_NEEDED" } });
  const reply = await app.inject(login(right));
  t.equal(reply.statusCode, 200);
  t.same(reply.json(), { user: "anna", name: "Anna A", roles: ["agent"], agent: "agent-anna" });
  const [cookie] = reply.cookies;
  t.match(cookie, { httpOnly: true, sameSite: "Strict", path: "/", value: /^[A-Za-z0-9_-]{43}$/ });
  t.equal(cookie?.secure, undefined);
  t.equal(cookie?.expires, undefined, "gone with the browser");
  t.same(
    [...accounts.sessions.keys()],
    [
      createHash("sha256")
        .update(cookie?.value ?? "")
        .digest("hex"),
    ],
    "kept as a hash only",
  );

  const headers = { ...own, cookie: `kontaktlots=${cookie?.value}` };
  t.equal((await app.inject({ url: "/api/session", headers })).json().user, "anna");
  const out = await app.inject({ method: "DELETE", url: "/api/session", headers });
  t.equal(out.statusCode, 204);
  t.match(out.cookies, [{ name: "kontaktlots", value: "" }]);
  t.equal((await app.inject({ url: "/api/session", headers })).statusCode, 401);
  t.equal(accounts.sessions.size, 0);
});

t.test("a wrong user and a wrong password are told alike", async (t) => {
  const { app, accounts } = await bench(t);
  const user = await app.inject(login({ user: "nobody", password: "x" }));
  const password = await app.inject(login({ user: "anna", password: "x" }));
  t.equal(user.statusCode, 401);
  t.equal(user.json().error.code, "LOGIN_FAILED");
  t.equal(user.body, password.body);
  t.same(user.cookies, []);
  t.equal(accounts.sessions.size, 0);
});

t.test("signing in again gives a new token and ends the old", async (t) => {
  const { app, accounts, signIn } = await bench(t);
  const old = await signIn("anna");
  const reply = await app.inject(login(right, { ...own, cookie: old }));
  t.not(reply.cookies[0]?.value, old.split("=")[1]);
  t.equal(accounts.sessions.size, 1);
  t.equal((await app.inject({ url: "/api/session", headers: { cookie: old } })).statusCode, 401);
});

t.test("a session ends after twelve hours", async (t) => {
  const { app, clock, signIn } = await bench(t);
  const cookie = await signIn("anna");
  const hour = 3_600_000;
  clock.now += 12 * hour - 1;
  t.equal((await app.inject({ url: "/api/session", headers: { cookie } })).statusCode, 200);
  clock.now += 1;
  t.equal((await app.inject({ url: "/api/session", headers: { cookie } })).statusCode, 401);
});

t.test("a made-up cookie opens nothing", async (t) => {
  const { app, accounts, signIn } = await bench(t);
  await signIn("anna");
  const [hash = ""] = accounts.sessions.keys();
  for (const value of ["", "x", hash, "%00", "a".repeat(5000)]) {
    t.equal((await app.inject({ url: "/api/session", headers: { cookie: `kontaktlots=${value}` } })).statusCode, 401);
  }
});

t.test("what changes something must come from a page of our own", async (t) => {
  const { app, engine, signIn } = await bench(t);
  const cookie = await signIn("anna");
  const foreign: Record<string, string>[] = [
    { host: "localhost", cookie },
    { host: "localhost", cookie, origin: "null" },
    { host: "localhost", cookie, origin: "https://elsewhere.example" },
    { host: "localhost", cookie, origin: "http://localhost:9999" },
    { host: "localhost", cookie, origin: "http://localhost.elsewhere.example" },
    // Believed from a trusted proxy only:
    { host: "localhost", cookie, origin: "https://elsewhere.example", "x-forwarded-host": "elsewhere.example" },
  ];
  for (const headers of foreign) {
    for (const [method, url] of [
      ["POST", "/api/agent/command"],
      ["POST", "/api/session"],
      ["DELETE", "/api/session"],
      ["POST", "/api/demo/phone"],
    ] as const) {
      const reply = await app.inject({ method, url, headers, ...(method === "POST" ? { payload: { type: "available" } } : {}) });
      t.equal(reply.statusCode, 400, `${method} ${url} ${JSON.stringify(headers)}`);
      t.match(reply.json().error.message, /page of this server/);
    }
  }
  t.same(engine.commands, []);
  t.equal((await app.inject({ url: "/api/session", headers: { cookie } })).statusCode, 200, "still signed in");
});

t.test("behind a trusted proxy with HTTPS the cookie is for HTTPS only, and the origin is the proxy's", async (t) => {
  const { app } = await bench(t, { trustedProxies: ["127.0.0.1"] });
  const headers = {
    host: "127.0.0.1:8080",
    origin: "https://lots.example",
    "x-forwarded-host": "lots.example",
    "x-forwarded-proto": "https",
  };
  const reply = await app.inject(login(right, headers));
  t.equal(reply.statusCode, 200, reply.body);
  t.match(reply.cookies, [{ secure: true, httpOnly: true, sameSite: "Strict" }]);
});

t.test("too many tries are refused for a while, for that user; then for that address", async (t) => {
  const { app } = await bench(t);
  for (let tries = 0; tries < 10; tries += 1) {
    t.equal((await app.inject(login({ user: "anna", password: "guess" }))).statusCode, 401);
  }
  for (const user of ["anna", "ANNA"]) {
    const reply = await app.inject(login({ ...right, user }));
    t.equal(reply.statusCode, 429);
    t.match(reply.json(), { error: { code: "TOO_MANY_REQUESTS", mend: /Wait \d+ seconds/ } });
    t.ok(Number(reply.headers["retry-after"]) > 0);
  }
  t.equal((await app.inject(login({ user: "bo", password: "bo's password" }))).statusCode, 200, "others are let in");
  for (let tries = 0; tries < 100; tries += 1) await app.inject(login({ user: `guess${tries}`, password: "guess" }));
  t.equal((await app.inject(login({ user: "lena", password: "lena's password" }))).statusCode, 429);
  const elsewhere = await app.inject({ ...login({ user: "lena", password: "lena's password" }), remoteAddress: "192.0.2.7" });
  t.equal(elsewhere.statusCode, 200);
});
