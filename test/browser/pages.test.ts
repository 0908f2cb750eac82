import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import t, { type Test } from "tap";
import type { Fact, SurveyAnswer } from "../../src/core/facts.ts";
import { logFigures } from "../../src/stats/log-figures.ts";
import { openMemoryLog } from "../../src/store/memory.ts";
import { FakeAccounts } from "../api/support.ts";
import { noBarriers } from "./support/barriers.ts";
import { openBrowser, openWindow, signIn } from "./support/browser.ts";
import { takeOption } from "./support/choose.ts";
import { anna, type City, callFor, lena, openCity } from "./support/city.ts";

/** Every page, in both languages, light and dark: WCAG 2.2 AA as far as axe sees it, and no sideways scrolling at 400 % zoom. */

let browser: Browser;
let city: City;

t.test("pages", async (t) => {
  browser = await openBrowser(t);
  city = await openCity();
  t.teardown(() => city.close());
  await t.test("Swedish, light", (t) => everyPage(t, "sv", false));
  await t.test("English, dark", (t) => everyPage(t, "en", true));
  await t.test("the start page says how the line is", lineTold);
  await t.test("the language switch", languageSwitch);
  await t.test("statistics by keyboard", statistics);
  await t.test("answers to surveys, from the log to the page", surveys);
  await t.test("the demo phone shows what is said", captions);
  await t.test("the board says what the city lacks", lacking);
  await t.test("broken states have a sentence", broken);
  await t.test("a board whose session has ended asks for a new one", boardSignedOut);
});

async function everyPage(t: Test, language: "sv" | "en", dark: boolean): Promise<void> {
  const window = await openWindow(t, browser, city.url, { language, dark });
  t.teardown(() => window.close());
  const page = await window.newPage();
  const open = async (path: string, ready: string): Promise<void> => {
    await page.goto(city.url + path);
    await page.locator(ready).first().waitFor();
    await noBarriers(t, page, path);
  };
  await open("/", ".data");
  t.equal(await page.evaluate("document.documentElement.lang"), language);
  await open("/phone", ".telephone");
  await open("/statistics?from=2008-01-01&to=2008-02-24", "form");
  await signIn(page, lena);
  await open("/statistics?from=2008-01-01&to=2008-02-24", ".chart canvas");
  await open("/statistics?from=2007-01-01&to=2007-02-24", ".notice");
  t.equal(await page.evaluate(underline), "none", "a notice does not look like a link");
  await open("/live", ".board .data");
  await open("/competence", ".data");
  await open("/matters", ".lead");
  await open("/competence?agent=agent-bo", ".skill-row");
  await open("/competence?agent=nobody", ".notice");
  await open("/agent", ".links");
  await window.clearCookies();
  await desk(t, page);
}

const underline = "getComputedStyle(document.querySelector('.notice')).textDecorationLine";

async function desk(t: Test, page: Page): Promise<void> {
  city.anna({ state: "offline" });
  await page.goto(`${city.url}/agent`);
  await signIn(page, anna);
  await page.locator(".groups .data").first().waitFor();
  await noBarriers(t, page, "desk, before the first call");
  await page.keyboard.press("s");
  await page.getByRole("menu").waitFor();
  await noBarriers(t, page, "desk, state menu");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await noBarriers(t, page, "desk, keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("f");
  await page.getByRole("dialog").locator(".language-level").first().waitFor();
  await noBarriers(t, page, "desk, profile");
  await page.keyboard.press("Escape");
  const call = callFor({ asksDistrict: true, language: "so", interpreter: { language: "so", state: "possible" } });
  const states = [
    ["ringing", { state: "ringing", call }, ".phase-ringing"],
    ["talking", { state: "talking", call: { ...call, phase: "talking" } }, ".phase-talking"],
    ["wrap-up", { state: "wrap-up", wrapUp: { call: call.call, until: Date.now() + 60_000 } }, ".outcomes"],
    ["paused", { state: "paused", reason: "missed-calls" }, ".notice"],
  ] as const;
  for (const [name, change, ready] of states) {
    city.anna(change);
    await page.locator(ready).first().waitFor();
    await noBarriers(t, page, `desk, ${name}`);
  }
}

async function newPage(t: Test, look = {}): Promise<{ page: Page; window: BrowserContext }> {
  const window = await openWindow(t, browser, city.url, look);
  t.teardown(() => window.close());
  return { window, page: await window.newPage() };
}

async function lineTold(t: Test): Promise<void> {
  const { page } = await newPage(t);
  await page.goto(city.url);
  const status = page.getByRole("status");
  await status.getByText("Linjen är öppen.").waitFor();
  city.tellLine({
    asterisk: "away",
    problems: [{ code: "ASTERISK_UNREACHABLE", message: "Asterisk does not answer.", mend: "Wait." }],
  });
  await status.getByText("Reservläge.").waitFor();
  await status.getByText("Kod: ASTERISK_UNREACHABLE").waitFor();
  await city.line.cut();
  await status.getByText("Det går inte att se om linjen är öppen just nu.").waitFor();
  await city.line.mend();
  city.tellLine({ asterisk: "connected", problems: [] });
  await status.getByText("Linjen är öppen.").waitFor();
  t.equal(await page.getByRole("navigation").getByRole("link").count(), 3, "three doors");
  t.match(await page.getByRole("table").textContent(), /anna's password/, "the demo log-ins are shown");
}

async function languageSwitch(t: Test): Promise<void> {
  const { page } = await newPage(t);
  await page.goto(city.url);
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: "The city's telephone" }).waitFor();
  t.equal(await page.evaluate("document.documentElement.lang"), "en");
  await page.goto(`${city.url}/phone`);
  await page.getByRole("heading", { name: "Ring the city" }).waitFor();
  t.equal(await page.evaluate("document.documentElement.lang"), "en", "kept for the next page");
  t.equal(await page.getByRole("button", { name: "Svenska" }).getAttribute("lang"), "sv");
}

async function statistics(t: Test): Promise<void> {
  const { page } = await newPage(t);
  await page.goto(`${city.url}/statistics?from=2008-01-01&to=2008-02-24&group=aldre`);
  await signIn(page, lena);
  const table = page.getByRole("table", { name: "Tillgänglighet per grupp och vecka" });
  await table.waitFor();
  const shown = await table.locator("tbody td:nth-child(5)").allTextContents();
  const bromma = [91, 96, 95, 94, 93, 97, 94, 95];
  t.same(
    shown.map((text) => Number.parseInt(text, 10)),
    bromma,
    "the Bromma table",
  );
  t.match(shown[0], /190 av 209/, "with numerator and denominator");
  const callbacks = await table.locator("tbody td:nth-child(6)").allTextContents();
  t.match(callbacks[0], /^8 varav 6 nådda$/, "callbacks, and those of them that reached the caller");
  await page.getByText("Mål: svar inom 30 s. Den som lägger på inom 5 s räknas inte som tappad.").waitFor();
  t.equal(await table.getByRole("columnheader", { name: "Svar inom 30 s" }).count(), 1, "the group's own time");
  await page.getByText("138 samtal blev återuppringningar: varken besvarade eller tappade. Nådda: 103.").waitFor();
  await page.getByText("34 samtal gick vidare till en annan grupp").waitFor();
  await page.getByRole("button", { name: /Grupp/ }).focus();
  await page.keyboard.press("Enter");
  await takeOption(page, "Bygglov");
  const row = page.getByRole("row", { name: /v\. 4/ });
  await row.getByText("0 av 0").first().waitFor();
  t.match(await row.textContent(), /–/, "an empty denominator is a dash");
  t.match(page.url(), /group=bygglov/, "the question stands in the address");
  await page.getByText("Mål 70 %").waitFor();
  await page.getByText("fcr/1").first().waitFor();
  await page.goto(`${city.url}/statistics?from=2008-01-01&to=2008-02-24`);
  await table.waitFor();
  t.equal(await table.getByRole("columnheader", { name: "Svar inom gruppens egen tid" }).count(), 1, "not 60 s for all");
  const limits = await page.getByRole("listitem").filter({ hasText: "Mål: svar inom" }).allTextContents();
  t.match(limits, [/svar inom 30 s/, /Bygglov.* svar inom 60 s/], "each group's limits");
}

/** Through the ordinary path: facts of the log, the figures made of them, the front, the page. */
async function surveys(t: Test): Promise<void> {
  const { log, reader } = openMemoryLog();
  const week = Date.UTC(2026, 10, 10, 9);
  let seq = 0;
  const answered = (group: string, question: string, ...answers: readonly SurveyAnswer[]): void => {
    for (const answer of answers) {
      const fact: Fact = { at: week + ++seq, type: "call.survey", call: `c${seq}`, group, question, answer };
      log.append([{ seq, at: fact.at, sort: "fact", type: fact.type, call: fact.call, json: JSON.stringify(fact) }]);
    }
  };
  answered("bygglov", "survey-question-solved", 5, 5, 4, 4, 3, 1);
  answered("bygglov", "survey-question-wait", 1, 1, 1, 1);
  const asked = await openCity({ figures: logFigures(reader, city.plan, () => Date.UTC(2026, 10, 24)) });
  t.teardown(() => asked.close());
  for (const [language, table, row, one, few] of [
    ["sv", "Svar per grupp och vecka", /v\. 46/, /^67 6 svar$/, "färre än 5 svar"],
    ["en", "Answers per group and week", /week 46/, /^67 6 answers$/, "fewer than 5 answers"],
  ] as const) {
    const window = await openWindow(t, browser, asked.url, { language });
    t.teardown(() => window.close());
    const page = await window.newPage();
    await page.goto(`${asked.url}/statistics?from=2026-11-09&to=2026-11-15`);
    await signIn(page, lena);
    const cells = page.getByRole("table", { name: table }).getByRole("row", { name: row }).locator("td");
    await cells.first().waitFor();
    const [solved, wait] = await cells.allTextContents();
    t.match(solved, one, "the mean, and how many answered");
    t.equal(wait, few);
    const file = page.waitForEvent("download");
    await page.getByRole("link", { name: /CSV/ }).click();
    const kept = await readFile(await (await file).path(), "utf8");
    t.match(kept, language === "sv" ? /;6;66,67;0–100;satisfaction\/1\r\n/ : /,6,66\.67,0–100,satisfaction\/1\r\n/, "as a file");
    t.match(kept, language === "sv" ? /;färre än 5;;/ : /,fewer than 5,,/);
    await noBarriers(t, page, `surveys, ${language}`);
  }
}

async function captions(t: Test): Promise<void> {
  const { page } = await newPage(t);
  const reply = page.waitForResponse("**/api/demo/phone");
  await page.goto(`${city.url}/phone`);
  const { tag } = (await (await reply).json()) as { tag: string };
  await page.getByRole("button", { name: "Ring", disabled: false }).click();
  city.caption({ tag, call: "c-9", stage: "menu", text: { sv: "Tryck 1 för bygglov.", en: "Press 1 for building permits." } });
  await page.getByText("Tryck 1 för bygglov.").waitFor();
  city.caption({ tag, call: "c-9", stage: "queue", place: 2, text: null });
  await page.getByText("Samtalet kom inte fram.").waitFor();
  t.pass("nobody is registered, so the call ends with a message");
}

async function lacking(t: Test): Promise<void> {
  const { page } = await newPage(t);
  const groups = ["Bygglov", "Förskola", "Idrott", "Avfall"];
  const text = (group: string) => ({ sv: `Ingen handläggare svarar för ${group}.`, en: `No agent answers for ${group}.` });
  city.board({ problems: groups.map((group) => ({ code: "GROUP_UNSERVED", text: text(group) })) });
  await page.goto(`${city.url}/live`);
  await signIn(page, lena);
  await page.getByText("Ingen handläggare svarar för Bygglov.").waitFor();
  await page.getByText("Och 1 till, i loggen.").waitFor();
  t.equal(await page.getByText("Avfall.").count(), 0, "no more than fit");
  await noBarriers(t, page, "board with problems");
  city.board({ problems: [] });
  await page.getByText("Ingen handläggare svarar").first().waitFor({ state: "detached" });
}

async function broken(t: Test): Promise<void> {
  const { page } = await newPage(t);
  await page.route("**/api/session", (route) => route.abort());
  await page.goto(`${city.url}/live`);
  await page.getByText("Kod: LINE_LOST").waitFor();
  await page.unroute("**/api/session");
  await page.getByRole("button", { name: "Försök igen" }).click();
  await page.getByRole("heading", { name: "Logga in" }).waitFor();
  await page.locator("input[name=user]").fill("anna");
  await page.locator("input[name=password]").fill("wrong");
  await page.keyboard.press("Enter");
  await page.getByText("Användaren eller lösenordet stämmer inte.").waitFor();
  await signIn(page, lena);
  await page.locator(".board .data").first().waitFor();
  await city.line.cut();
  await page.getByText("Förbindelsen med servern är bruten").waitFor();
  t.match(await page.locator(".board-figures").textContent(), /7/, "the last known figures stay");
  await city.line.mend();
}

/** Else it would hang there with the figures of then. */
async function boardSignedOut(t: Test): Promise<void> {
  const accounts = new FakeAccounts();
  const city = await openCity({ accounts });
  t.teardown(() => city.close());
  const window = await openWindow(t, browser, city.url);
  t.teardown(() => window.close());
  const page = await window.newPage();
  for (const path of ["/live", "/crisis"]) {
    await page.goto(city.url + path);
    const inside = page.locator(path === "/live" ? ".board .data" : ".crisis-form").first();
    await signIn(page, lena);
    await inside.waitFor();
    await page.evaluate(`fetch("/api/session", { method: "DELETE" })`);
    await page.getByRole("heading", { name: "Logga in" }).waitFor();
    await signIn(page, lena);
    await inside.waitFor();
    t.pass(`${path}: ended elsewhere`);
    await city.line.cut();
    await page.getByText(path === "/live" ? "Förbindelsen med servern är bruten" : "Kod: LINE_LOST").waitFor();
    accounts.sessions.clear();
    await city.line.mend();
    await page.getByRole("heading", { name: "Logga in" }).waitFor();
    t.pass(`${path}: ended while the line was lost`);
  }
}
