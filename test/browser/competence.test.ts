import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import t, { type Test } from "tap";
import { loadPlan } from "../../src/plans/load.ts";
import { FakeDirectory } from "../api/support.ts";
import { openBrowser, openWindow, signIn } from "./support/browser.ts";
import { takeOption } from "./support/choose.ts";
import { anna, callFor, lena, openCity, root } from "./support/city.ts";

/** A city of two groups and two districts: the pages of sixteen are in pages.test.ts. */
async function smallCity(t: Test) {
  const { groups, ...plan } = await loadPlan(join(root, "dialplans/stockholm"));
  const two = { bygglov: groups.bygglov, trafik: groups.trafik } as typeof groups;
  const agents = new FakeDirectory(["bygglov", "trafik"]);
  const city = await openCity({ agents, plan: { ...plan, groups: two, districts: ["Bromma", "Farsta"] } });
  t.teardown(() => city.close());
  const competence = (id: string) => agents.agents.get(id)?.competence;
  return { city, agents, competence };
}

async function opened(t: Test, browser: Browser, url: string, language: "sv" | "en" = "sv"): Promise<Page> {
  const window = await openWindow(t, browser, url, { language });
  t.teardown(() => window.close());
  return await window.newPage();
}

/** Opens the list and chooses in it, as one does without a mouse. */
async function choose(page: Page, label: string | RegExp, option: string): Promise<void> {
  await page.getByRole("button", { name: label }).focus();
  await page.keyboard.press("Enter");
  await takeOption(page, option);
}

t.test("competence", async (t) => {
  const browser = await openBrowser(t);

  await t.test("an agent adds, changes and removes languages by keyboard, and they stand after a reload", async (t) => {
    const { city, competence } = await smallCity(t);
    const before = competence("agent-anna");
    const page = await opened(t, browser, city.url);
    await page.goto(`${city.url}/agent`);
    await signIn(page, anna);
    await page.locator(".groups .data").first().waitFor();
    await page.keyboard.press("f");
    const dialog = page.getByRole("dialog", { name: "Min profil" });
    await dialog.locator("bdi[lang=en]").waitFor();
    t.match(await dialog.textContent(), /Bygglov och stadsbyggnad3 – vanFörsta linjen/, "subjects are shown");

    await choose(page, /Lägg till ett språk/, "Somaliska");
    await dialog.getByText("Sparat.").waitFor();
    await choose(page, /Somaliska: nivå/, "Modersmål");
    await dialog.getByRole("button", { name: "Ta bort Finska" }).focus();
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Ta bort Finska" }).waitFor({ state: "detached" });
    await dialog.locator("button:focus", { hasText: "Välj språk" }).waitFor();
    t.pass("the focus is not lost");
    const languages = { sv: "native", en: "good", so: "native" };
    while (JSON.stringify(competence("agent-anna")?.languages) !== JSON.stringify(languages)) await page.waitForTimeout(20);
    t.same(competence("agent-anna"), { ...before, languages }, "and nothing else changed");
    t.same(new Set(city.commands.map(({ type }) => type)), new Set(["agents-changed"]));

    await page.reload();
    await page.locator(".groups .data").first().waitFor();
    await page.keyboard.press("f");
    const own = dialog.locator("bdi[lang=so]");
    await own.waitFor();
    t.equal(await own.textContent(), "Soomaali");
    t.match(await dialog.getByRole("button", { name: /Somaliska: nivå/ }).textContent(), "Modersmål");
    t.equal(await dialog.locator("bdi[lang=fi]").count(), 0);
    city.anna({ state: "ringing", call: callFor() });
    await dialog.waitFor({ state: "detached" });
    t.pass("a call that rings is not hidden by the profile");
  });

  await t.test("what the server does not take is said, and not shown as if it held", async (t) => {
    const { city } = await smallCity(t);
    const page = await opened(t, browser, city.url, "en");
    await page.goto(`${city.url}/agent`);
    await signIn(page, anna);
    await page.locator(".groups .data").first().waitFor();
    await page.keyboard.press("f");
    const dialog = page.getByRole("dialog", { name: "My profile" });
    await dialog.locator("bdi[lang=fi]").waitFor();
    await page.route("**/api/me/languages", (route) => route.abort());
    await choose(page, /Add a language/, "Arabic");
    await dialog.getByText("LINE_LOST").waitFor();
    await dialog.locator("bdi[lang=ar]").waitFor({ state: "detached" });
    await page.unroute("**/api/me/languages");
    await choose(page, /Add a language/, "Arabic");
    await dialog.getByText("Saved.").waitFor();
    t.equal(await dialog.getByText("LINE_LOST").count(), 0);
  });

  await t.test("a lead sets an agent's subjects, districts and site; the languages the agent set meanwhile stay", async (t) => {
    const { city, agents, competence } = await smallCity(t);
    const page = await opened(t, browser, city.url);
    await page.goto(`${city.url}/competence`);
    await signIn(page, lena);
    await page.getByRole("link", { name: "Bo B" }).press("Enter");
    await page.getByRole("heading", { name: "Bo B" }).waitFor();
    await choose(page, /Bygglov och stadsbyggnad: nivå/, "5 – kan ämnet bäst");
    await choose(page, /Bygglov och stadsbyggnad: linje/, "Andra linjen");
    await choose(page, /Trafik och parkeringstillstånd: nivå/, "Svarar inte");
    await page.getByRole("checkbox", { name: "Farsta" }).focus();
    await page.keyboard.press("Space");
    await page.getByText("Ändringarna är inte sparade än.").waitFor();
    await page.getByLabel("Var handläggaren sitter").fill(" Norra huset ");
    await agents.setLanguages("agent-bo", { sv: "native", ku: "basic" });
    await page.keyboard.press("Enter");
    await page.getByText("Sparat.").waitFor();
    t.same(competence("agent-bo"), {
      skills: [{ group: "bygglov", level: 5, line: 2 }],
      languages: { sv: "native", ku: "basic" },
      districts: ["Farsta"],
      site: "Norra huset",
    });
    await page.getByRole("link", { name: "Alla handläggare" }).click();
    const row = page.getByRole("row", { name: /Bo B/ });
    await row.waitFor();
    t.match(await row.textContent(), /Bygglov och stadsbyggnad 5.*svenska, kurdiska.*Farsta.*Norra huset/);
  });

  await t.test("who is no lead is told so", async (t) => {
    const { city } = await smallCity(t);
    const page = await opened(t, browser, city.url);
    await page.goto(`${city.url}/competence`);
    await signIn(page, anna);
    await page.getByText("Kompetensen visas för gruppledare").waitFor();
    t.equal(await page.locator(".data").count(), 0);
  });
});
