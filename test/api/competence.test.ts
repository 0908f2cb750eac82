import { once } from "node:events";
import t from "tap";
import { newcomer } from "../../src/store/competence.ts";
import { bench, own } from "./support.ts";

type Method = "GET" | "PUT";
const request = (cookie: string, method: Method, url: string, payload?: object) => ({
  method,
  url,
  headers: { ...own, cookie },
  ...(payload ? { payload } : {}),
});
const changed = { type: "agents-changed" };

t.test("an agent sees what they bring, sets their own languages, and the engine is told", async (t) => {
  const { app, agents, engine, signIn } = await bench(t);
  const cookie = await signIn("anna");
  const seen = await app.inject(request(cookie, "GET", "/api/me/profile"));
  const competence = agents.agents.get("agent-anna")?.competence;
  t.same(seen.json(), { id: "agent-anna", name: "Anna A", competence }, "and no secrets");
  t.equal(seen.headers["cache-control"], "no-store");

  const languages = { sv: "native", so: "good" };
  const reply = await app.inject(request(cookie, "PUT", "/api/me/languages", { languages }));
  t.equal(reply.statusCode, 200, reply.body);
  t.same(reply.json(), { id: "agent-anna", name: "Anna A", competence: { ...competence, languages } });
  t.same(agents.agents.get("agent-anna")?.competence, { ...competence, languages }, "kept, and nothing else changed");
  t.same(agents.agents.get("agent-bo")?.competence, competence, "nobody else's");
  t.same(engine.commands, [changed]);
});

t.test("a lead sets anybody's competence", async (t) => {
  const { app, agents, engine, signIn } = await bench(t);
  const cookie = await signIn("lena");
  const all = await app.inject(request(cookie, "GET", "/api/agents"));
  t.match(all.json(), { agents: [{ id: "agent-anna" }, { id: "agent-bo" }] });
  t.notMatch(all.body, /secret/i);
  const competence = {
    skills: [{ group: "elder", level: 5, line: 2 }],
    languages: { sv: "native", fi: "basic" },
    districts: ["Farsta"],
    site: "Norra huset",
  };
  const put = await app.inject(request(cookie, "PUT", "/api/agents/agent-bo/competence", competence));
  t.equal(put.statusCode, 200, put.body);
  t.same((await app.inject(request(cookie, "GET", "/api/agents/agent-bo/competence"))).json(), {
    id: "agent-bo",
    name: "Bo B",
    competence,
  });
  t.same(agents.agents.get("agent-bo")?.competence, competence);
  t.same(engine.commands, [changed]);
});

t.test("what is no competence, or names what the city has not, changes nothing", async (t) => {
  const { app, agents, engine, signIn } = await bench(t);
  const [anna, lena] = [await signIn("anna"), await signIn("lena")];
  const before = structuredClone([...agents.agents.values()]);
  for (const body of [
    {},
    { languages: { sv: "fluent" } },
    { languages: { xx: "good" } },
    { languages: ["sv"] },
    { languages: {}, skills: [] },
  ]) {
    const reply = await app.inject(request(anna, "PUT", "/api/me/languages", body));
    t.equal(reply.statusCode, 400, JSON.stringify(body));
    t.match(reply.json(), { error: { code: "REQUEST_INVALID" } });
  }
  const good = newcomer(["elder"]);
  for (const [body, said] of [
    [{ ...good, site: undefined }, /site/],
    [{ ...good, more: 1 }, /additional/],
    [{ ...good, skills: [{ group: "elder", level: 6, line: 1 }] }, /not valid/],
    [newcomer(["bygglov"]), /no group "bygglov"/],
    [{ ...good, districts: ["Mars"] }, /no district "Mars"/],
    [{ ...good, languages: { ...good.languages, xx: "good" } }, /no language "xx"/],
  ] as const) {
    const reply = await app.inject(request(lena, "PUT", "/api/agents/agent-bo/competence", body));
    t.equal(reply.statusCode, 400, JSON.stringify(body));
    t.match(reply.json().error.message, said);
  }
  t.same([...agents.agents.values()], before);
  t.same(engine.commands, []);
  const missing = await app.inject(request(lena, "PUT", "/api/agents/nobody/competence", good));
  t.equal(missing.statusCode, 404);
});

t.test("each to their own: no session 401, another role 403, another site's page 400", async (t) => {
  const { app, agents, signIn } = await bench(t);
  const [anna, lena] = [await signIn("anna"), await signIn("lena")];
  const doors: readonly (readonly [Method, string, object?])[] = [
    ["GET", "/api/me/profile"],
    ["PUT", "/api/me/languages", { languages: {} }],
    ["GET", "/api/agents"],
    ["GET", "/api/agents/agent-anna/competence"],
    ["PUT", "/api/agents/agent-anna/competence", newcomer([])],
  ];
  const before = structuredClone([...agents.agents.values()]);
  for (const [method, url, body] of doors) {
    t.equal((await app.inject(request("", method, url, body))).statusCode, 401, `${method} ${url}`);
    const other = url.startsWith("/api/me/") ? lena : anna;
    t.equal((await app.inject(request(other, method, url, body))).statusCode, 403, `${method} ${url}`);
  }
  const foreign = {
    ...request(anna, "PUT", "/api/me/languages", { languages: {} }),
    headers: { host: "localhost", origin: "http://evil", cookie: anna },
  };
  t.equal((await app.inject(foreign)).statusCode, 400);
  t.same([...agents.agents.values()], before);
});

t.test("while the engine is away a change is kept, and the engine told when it is back", async (t) => {
  const { app, agents, engine, link, signIn } = await bench(t);
  const cookie = await signIn("anna");
  const down = once(link, "down");
  await engine.stop();
  await down;
  const reply = await app.inject(request(cookie, "PUT", "/api/me/languages", { languages: { so: "native" } }));
  t.equal(reply.statusCode, 200);
  t.same(agents.agents.get("agent-anna")?.competence.languages, { so: "native" });
  t.same(engine.commands, []);
  await engine.start();
  while (engine.commands.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  t.same(engine.commands, [changed]);
});
