import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import t, { type Test } from "tap";
import { openSurveys } from "../../src/store/sqlite/surveys.ts";
import { hashOfToken, linkValidMs } from "../../src/store/survey-port.ts";
import { openBrowser, openWindow } from "./support/browser.ts";
import { openCity } from "./support/city.ts";

/** The page that a text message leads to: by keyboard alone, at 320 px, in Swedish, in English, and in both. */

t.setTimeout(120_000);
const questions = ["survey-question-solved", "survey-question-kindness", "survey-question-wait"];
const tokenOf = (call: string): string => call.padEnd(22, "x");

/** Nothing for axe, and no sideways scrolling. */
async function sound(t: Test, page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  t.same(
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
    [],
    `${name}: nothing for axe`,
  );
  const over = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
  t.equal(await page.evaluate(over), 0, `${name}: no sideways scrolling`);
}

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
    await sound(t, page, "Swedish");
    // Past the skip link, the name and the language, to the button.
    await keys(page, ...Array<string>(7).fill("Tab"), "Enter");
    await page.getByText("Svara på minst en fråga först.").waitFor();
    // Backwards one comes to the last, 5; after it comes 1 again.
    await keys(page, ...Array<string>(3).fill("Shift+Tab"), "Space", "ArrowRight", "ArrowRight");
    await keys(page, "Tab", "Tab", "Space", "Tab", "Enter");
    await page.getByRole("status").getByText("Tack för dina svar.").waitFor();
    await sound(t, page, "thanks");
    const answers = [
      { question: questions[0], answer: 2 },
      { question: questions[2], answer: 1 },
    ];
    t.same(city.commands, [{ type: "survey-answers", call: "swedish", group: "bygglov", answers }]);
    await page.reload();
    await page.getByText("Länken går inte att svara med.").waitFor();
    await sound(t, page, "closed");
  });

  await t.test("English, dark: the call's language, whatever was chosen on the machine", async (t) => {
    const page = await opened("english", true);
    await page.getByRole("radiogroup", { name: "Did you get the help you needed?" }).waitFor();
    t.equal(await page.evaluate("document.documentElement.lang"), "en");
    await sound(t, page, "English");
    await keys(page, ...Array<string>(4).fill("Tab"), "Space", ...Array<string>(3).fill("Tab"), "Enter");
    await page.getByText("Thank you for your answers.").waitFor();
  });

  await t.test("another language: Swedish with English beside", async (t) => {
    const page = await opened("somali");
    await page.getByRole("radiogroup", { name: "Fick du den hjälp du behövde? Did you get the help you needed?" }).waitFor();
    await sound(t, page, "both");
    t.equal(await page.locator("legend, .survey-question [lang=en]").count(), 3);
  });

  await t.test("an address without a token", async (t) => {
    const page = await opened("");
    await page.goto(`${city.url}/survey`);
    await page.getByText("Länken går inte att svara med.").waitFor();
    t.equal(await page.getByRole("button", { name: "Skicka" }).count(), 0);
  });
});
