import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import t, { type Test } from "tap";
import { openMemoryOfficers } from "../../src/store/memory-officers.ts";
import { openMatters } from "../../src/store/sqlite/matters.ts";
import { wavOf } from "../support/matters.ts";
import { noBarriers } from "./support/barriers.ts";
import { openBrowser, openWindow, signIn } from "./support/browser.ts";
import { takeOption } from "./support/choose.ts";
import { anna, lena, openCity } from "./support/city.ts";

/** The page of matters: messages are listened to, their status is set, by keyboard, in both languages. */

const at = Date.UTC(2026, 10, 23, 13, 5);

async function room(t: Test) {
  const folder = await mkdtemp(join(tmpdir(), "matters-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const store = await openMatters({ file: join(folder, "matters.sqlite") });
  t.teardown(() => store.close());
  const officers = openMemoryOfficers();
  const common = { functions: [], subjects: [], districts: [] };
  await officers.replaceOfficers([{ ...common, id: "anna.berg", name: "Anna Berg", extension: "12345", number: "+46850812345" }]);
  const message = { kind: "message", createdAt: at, group: "bygglov", from: "+46701740605", call: "a" } as const;
  const recording = { n: 1, ms: 4_000 };
  await store.take(
    1,
    [
      { ...message, recording, officer: "anna.berg" },
      { ...message, from: null, recording },
      { ...message, group: "aldre", kind: "callback-failed" as const },
    ].map((matter) => ({ year: 2026, matter })),
  );
  await mkdir(join(folder, "recordings"));
  await writeFile(join(folder, "recordings", "2026-000001.wav"), wavOf(4_000));
  await store.setSound("2026-000001", "kept");
  await store.setSound("2026-000002", "none");
  const city = await openCity({ matters: store, officers, recordingsDir: join(folder, "recordings") });
  t.teardown(() => city.close());
  return { store, city };
}

t.test("matters", async (t) => {
  const browser = await openBrowser(t);
  const { store, city } = await room(t);
  const opened = async (look: Parameters<typeof openWindow>[3]): Promise<Page> => {
    const window = await openWindow(t, browser, city.url, look);
    t.teardown(() => window.close());
    const page = await window.newPage();
    await page.goto(`${city.url}/matters`);
    return page;
  };

  await t.test("a lead sees them, listens, and sets a status by keyboard", async (t) => {
    const page = await opened({ language: "sv" });
    await signIn(page, lena);
    const row = page.getByRole("row", { name: /2026-000001/ });
    await row.waitFor();
    t.match(await row.textContent(), /Anna Berg, Bygglov.*070-174 06 05.*Meddelande, 0:04/);
    t.match(await page.getByRole("row", { name: /2026-000002/ }).textContent(), /Dolt nummer.*Inget ljud/);
    t.match(await page.getByRole("row", { name: /2026-000003/ }).textContent(), /nåddes inte/);
    await noBarriers(t, page, "Swedish");
    const seconds = await page.evaluate(`(async () => {
      const audio = document.querySelector("audio");
      await audio.play();
      await new Promise((resolve) => audio.addEventListener("timeupdate", resolve, { once: true }));
      audio.currentTime = 3;
      await new Promise((resolve) => audio.addEventListener("seeked", resolve, { once: true }));
      audio.pause();
      return Math.round(audio.duration);
    })()`);
    t.equal(seconds, 4, "it plays, and one can move about in it");
    await page.getByRole("button", { name: /Status för 2026-000001/ }).focus();
    await page.keyboard.press("Enter");
    await takeOption(page, "Klart");
    await page.getByText("2026-000001: Klart").waitFor();
    t.equal((await store.find("2026-000001"))?.status, "done");
    await page.reload();
    await page.getByRole("row", { name: /2026-000003/ }).waitFor();
    t.equal(await page.getByRole("row", { name: /2026-000001/ }).count(), 0, "what is done is not among the open ones");
    await page.goto(`${city.url}/matters?matter=2026-000001`);
    await page.getByRole("row", { name: /2026-000001/ }).waitFor();
  });

  await t.test("English, dark", async (t) => {
    const page = await opened({ language: "en", dark: true });
    await signIn(page, lena);
    await page.getByRole("row", { name: /2026-000003/ }).waitFor();
    await noBarriers(t, page, "English");
  });

  await t.test("who is no lead is told so, and gets no sound", async (t) => {
    const page = await opened({ language: "sv" });
    await signIn(page, anna);
    await page.getByText("Ärendena visas för gruppledare").waitFor();
    const statuses = `Promise.all(["", "/2026-000001", "/2026-000001/sound"].map(async (path) => (await fetch("/api/matters" + path)).status))`;
    t.strictSame(await page.evaluate(statuses), [403, 403, 403]);
  });

  await t.test("a part of the sound, for whoever asks for a part; none for what is no matter", async (t) => {
    const page = await opened({ language: "sv" });
    await signIn(page, lena);
    await page.getByRole("heading", { name: "Ärenden" }).waitFor();
    const answers = `Promise.all([
      fetch("/api/matters/2026-000001/sound", { headers: { range: "bytes=0-43" } }),
      fetch("/api/matters/2026-000002/sound"),
      fetch("/api/matters/..%2F..%2Fmatters/sound"),
    ].map(async (asked) => { const reply = await asked; return [reply.status, reply.headers.get("content-range")]; }))`;
    t.strictSame(await page.evaluate(answers), [
      [206, "bytes 0-43/64044"],
      [404, null],
      [400, null],
    ]);
  });
});
