import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import t from "tap";
import { openSurveys } from "../../src/store/sqlite/surveys.ts";
import { hashOfToken, linkValidMs } from "../../src/store/survey-port.ts";
import { noBarriers } from "./support/barriers.ts";
import { openBrowser, openWindow } from "./support/browser.ts";
import { openCity } from "./support/city.ts";

/** The page that a text message leads to: by keyboard alone, at 320 px, in Swedish, in English, and in both. */

const questions = ["survey-question-solved", "survey-question-kindness", "survey-question-wait"];
const tokenOf = (call: string): string => call.padEnd(22, "x");

t.test("surveys", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "survey-page-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const surveys = await openSurveys({ file: join(folder, "surveys.sqlite") });
  t.teardown(() => surveys.close());
  const calls = { swedish: "sv", english: "en", somali: "so" };
  const now = Date.now();
  const about = { group: "bygglov", questions, to: "+46701740605", wantedAt: now };
  await surveys.take(
    1,
    Object.entries(calls).map(([call, language]) => ({ ...about, call, language })),
  );
  for (const call of Object.keys(calls)) await surveys.begin(call, hashOfToken(tokenOf(call)), now + linkValidMs);
  const browser = await openBrowser(t);
  const city = await openCity({ surveys });
  t.teardown(() => city.close());
  const opened = async (call: string, dark = false): Promise<Page> => {
    const window = await openWindow(t, browser, city.url, { width: 320, height: 640, dark });
    t.teardown(() => window.close());
    const page = await window.newPage();
    await page.goto(`${city.url}/survey#${tokenOf(call)}`);
    return page;
  };
  const keys = async (page: Page, ...pressed: readonly string[]): Promise<void> => {
    for (const key of pressed) await page.keyboard.press(key);
  };

  await t.test("Swedish: answered by keyboard, one left out; used then", async (t) => {
    const page = await opened("swedish");
    await page.getByRole("radiogroup", { name: "Fick du den hjälp du behövde?", exact: true }).waitFor();
    const tops =
      "new Set([...document.querySelector('.survey-scale').children].map((one) => one.getBoundingClientRect().top)).size";
    t.equal(await page.evaluate(tops), 1, "all five beside each other");
    await noBarriers(t, page, "Swedish");
    // Past the skip link, the name and the language, to the button.
    await keys(page, ...Array<string>(7).fill("Tab"), "Enter");
    await page.getByText("Svara på minst en fråga först.").waitFor();
    // Backwards one comes to the last, 5; after it comes 1 again.
    await keys(page, ...Array<string>(3).fill("Shift+Tab"), "Space", "ArrowRight", "ArrowRight");
    await keys(page, "Tab", "Tab", "Space", "Tab", "Enter");
    await page.getByRole("status").getByText("Tack för dina svar.").waitFor();
    await noBarriers(t, page, "thanks");
    const answers = [
      { question: questions[0], answer: 2 },
      { question: questions[2], answer: 1 },
    ];
    t.same(city.commands, [{ type: "survey-answers", call: "swedish", group: "bygglov", answers }]);
    await page.reload();
    await page.getByText("Länken går inte att svara med.").waitFor();
    await noBarriers(t, page, "closed");
  });

  await t.test("English, dark: the call's language, whatever was chosen on the machine", async (t) => {
    const page = await opened("english", true);
    await page.getByRole("radiogroup", { name: "Did you get the help you needed?" }).waitFor();
    t.equal(await page.evaluate("document.documentElement.lang"), "en");
    await noBarriers(t, page, "English");
    await keys(page, ...Array<string>(4).fill("Tab"), "Space", ...Array<string>(3).fill("Tab"), "Enter");
    await page.getByText("Thank you for your answers.").waitFor();
  });

  await t.test("another language: Swedish with English beside", async (t) => {
    const page = await opened("somali");
    await page.getByRole("radiogroup", { name: "Fick du den hjälp du behövde? Did you get the help you needed?" }).waitFor();
    await noBarriers(t, page, "both");
    t.equal(await page.locator("legend, .survey-question [lang=en]").count(), 3);
  });

  await t.test("an address without a token", async (t) => {
    const page = await opened("");
    await page.goto(`${city.url}/survey`);
    await page.getByText("Länken går inte att svara med.").waitFor();
    t.equal(await page.getByRole("button", { name: "Skicka" }).count(), 0);
  });
});
