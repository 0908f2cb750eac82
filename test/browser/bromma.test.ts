import { join } from "node:path";
import type { Page } from "playwright-core";
import t, { type Test } from "tap";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openAccounts } from "../../src/store/accounts.ts";
import { brommaDays, brommaPlanFolder, brommaWeeks, writeBrommaLog } from "../stats/bromma.ts";
import { testSystem } from "../support/system.ts";
import { openBrowser, openWindow, signIn } from "./support/browser.ts";

const words = {
  sv: {
    period: /Period/,
    own: "Egna datum",
    from: "Från och med",
    to: "Till och med",
    show: "Visa",
    table: "Tillgänglighet per grupp och vecka",
  },
  en: { period: /Period/, own: "Own dates", from: "From", to: "To", show: "Show", table: "Availability per group and week" },
} as const;

/** The whole of Kontaktlots on the log of Bromma's eight weeks: what the city published in 2008 stands on the page. */
t.test("Bromma's weeks of 2008 on the statistics page of a running system", async (t) => {
  const sys = await testSystem(t, { agents: {}, planDir: brommaPlanFolder, withFront: true, writeLog: writeBrommaLog });
  const accounts = await openAccounts({ file: join(sys.stateDir, stateFiles.accounts) });
  await accounts.createUser({ user: "lena", name: "Lena", roles: ["lead"], password: "lena" });
  await accounts.close();
  const url = `http://127.0.0.1:${sys.ports.spare[0]}`;
  const browser = await openBrowser(t, { microphone: false });
  for (const language of ["sv", "en"] as const) {
    await t.test(language, async (t) => {
      const window = await openWindow(t, browser, url, { language });
      t.teardown(() => window.close());
      const page = await window.newPage();
      await page.goto(`${url}/statistics`);
      await signIn(page, { user: "lena", password: "lena" });
      await chooseWeeks(page, language);
      await shows(t, page, language);
    });
  }
});

/** By keyboard and mouse, as a person does: own dates, from and to, show. */
async function chooseWeeks(page: Page, language: "sv" | "en"): Promise<void> {
  const { period, own, from, to, show } = words[language];
  await page.getByRole("button", { name: period }).click();
  await page.getByRole("option", { name: own }).click();
  await page.getByLabel(from, { exact: true }).fill(brommaDays.from);
  await page.getByLabel(to, { exact: true }).fill(brommaDays.to);
  await page.getByRole("button", { name: show }).click();
}

async function shows(t: Test, page: Page, language: "sv" | "en"): Promise<void> {
  const table = page.getByRole("table", { name: words[language].table });
  const rows = table.locator("tbody tr");
  await rows.nth(7).waitFor();
  const cells = await Promise.all((await rows.all()).map((row) => row.locator("th, td").allTextContents()));
  const shown = cells.map(([, offered, answered, , availability]) => ({
    offered: Number(offered),
    answered: Number(answered),
    percent: Number.parseInt(availability ?? "", 10),
  }));
  t.same(
    shown,
    brommaWeeks().map(({ offered, answered, percent }) => ({ offered, answered, percent })),
    "as published",
  );
  t.same(
    shown.map(({ percent }) => percent),
    [91, 96, 95, 94, 93, 97, 94, 95],
  );
  await page.locator(".chart canvas").waitFor();
}
