import t from "tap";
import { KontaktlotsError } from "../../src/core/errors.ts";
import { bench, own } from "./support.ts";

const body = {
  where: "all",
  texts: { sv: "Vattnet är otjänligt.", ar: "الماء غير صالح للشرب" },
  recordings: {},
  minutes: 120,
  alsoWaiting: true,
};

t.test("a lead sets and clears; the engine is told who did", async (t) => {
  const { app, engine, signIn } = await bench(t);
  const headers = { ...own, cookie: await signIn("lena") };
  const set = await app.inject({ method: "POST", url: "/api/announcements", headers, payload: body });
  t.equal(set.statusCode, 204, set.body);
  const cleared = await app.inject({ method: "DELETE", url: "/api/announcements/a1", headers });
  t.equal(cleared.statusCode, 204, cleared.body);
  t.strictSame(engine.commands, [
    { type: "announce", by: "lena", ...body },
    { type: "clear-announcement", by: "lena", announcement: "a1" },
  ]);
});

t.test("nobody else does", async (t) => {
  const { app, engine, signIn } = await bench(t);
  const agent = { ...own, cookie: await signIn("anna") };
  const asks = [
    { method: "POST", url: "/api/announcements", payload: body },
    { method: "DELETE", url: "/api/announcements/a1" },
    { method: "POST", url: "/api/announcements/preview", payload: { language: "sv", text: "Hej" } },
  ] as const;
  for (const ask of asks) {
    t.equal((await app.inject({ ...ask, headers: own })).statusCode, 401, `${ask.method} ${ask.url} without log-in`);
    t.equal((await app.inject({ ...ask, headers: agent })).statusCode, 403, `${ask.method} ${ask.url} as an agent`);
  }
  const wav = { ...own, "content-type": "audio/wav" };
  t.equal(
    (await app.inject({ method: "POST", url: "/api/announcements/recordings", headers: wav, payload: "RIFF" })).statusCode,
    401,
  );
  t.strictSame(engine.commands, []);
});

t.test("a recording may be long, and nothing else; who may not send one is told so before it is taken in", async (t) => {
  const { app, signIn } = await bench(t);
  const lead = { ...own, cookie: await signIn("lena"), "content-type": "audio/wav" };
  const send = async (url: string, headers: Record<string, string>, bytes: number) =>
    (await app.inject({ method: "POST", url, headers, payload: Buffer.alloc(bytes, "RIFF....WAVEfmt ") })).statusCode;
  t.equal(await send("/api/announcements/recordings", lead, 12_000_000), 200);
  t.equal(await send("/api/announcements/recordings", lead, 12_000_001), 413);
  const { cookie: _, ...nobody } = lead;
  t.equal(await send("/api/announcements/recordings", nobody, 12_000_001), 401, "asked before it is measured");
  t.equal(await send("/api/session", nobody, 20_000), 413, "as for any other body there");
});

t.test("what is no announcement is refused at the door", async (t) => {
  const { app, engine, signIn } = await bench(t);
  const headers = { ...own, cookie: await signIn("lena") };
  const wrong: Record<string, unknown> = {
    "no end": { ...body, minutes: undefined },
    "an end in the past": { ...body, minutes: 0 },
    "longer than a week": { ...body, minutes: 10_081 },
    "an empty text": { ...body, texts: { sv: "" } },
    "a text without end": { ...body, texts: { sv: "a".repeat(1_001) } },
    "a language that is none": { ...body, texts: { "../sv": "Hej" } },
    "a recording that is a path": { ...body, recordings: { sv: "../../etc/passwd" } },
    "a place that is none": { ...body, where: "some" },
    "somebody else's name": { ...body, by: "anna" },
  };
  for (const [what, payload] of Object.entries(wrong)) {
    const reply = await app.inject({ method: "POST", url: "/api/announcements", headers, payload: payload as object });
    t.match(reply.json(), { error: { code: "REQUEST_INVALID" } }, what);
  }
  t.strictSame(engine.commands, []);
});

t.test("the engine's own refusals come as they are", async (t) => {
  const refused = new KontaktlotsError("ANNOUNCEMENTS_FULL", "Three are in force.", "Clear one.");
  const { app, link, signIn } = await bench(t);
  link.send = async () => {
    throw refused;
  };
  const headers = { ...own, cookie: await signIn("lena") };
  const reply = await app.inject({ method: "POST", url: "/api/announcements", headers, payload: body });
  t.equal(reply.statusCode, 409);
  t.match(reply.json(), { error: { code: "ANNOUNCEMENTS_FULL", mend: "Clear one." } });
});

t.test("listening first, and recordings", async (t) => {
  const kept: Buffer[] = [];
  const { app, signIn } = await bench(t, {
    announcements: {
      preview: async (text, language) => {
        if (language === "so") throw new KontaktlotsError("PROMPT_FAILED", "There is no voice.", "Record it.");
        return Buffer.from(`${language}: ${text}`);
      },
      keep: async (recording) => {
        kept.push(recording);
        return "name";
      },
    },
  });
  const headers = { ...own, cookie: await signIn("lena") };
  const ask = (payload: object) => app.inject({ method: "POST", url: "/api/announcements/preview", headers, payload });
  const heard = await ask({ language: "fi", text: "Hei" });
  t.equal(heard.headers["content-type"], "audio/wav");
  t.equal(heard.body, "fi: Hei");
  t.equal((await ask({ language: "so", text: "Hej" })).statusCode, 422);
  const upload = (payload: string) =>
    app.inject({
      method: "POST",
      url: "/api/announcements/recordings",
      headers: { ...headers, "content-type": "audio/wav" },
      payload,
    });
  t.strictSame((await upload("RIFF....WAVEfmt ")).json(), { recording: "name" });
  t.equal((await upload("GIF89a")).statusCode, 400, "a picture is no recording");
  t.equal(kept.length, 1);
});
