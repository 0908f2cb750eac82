import { join } from "node:path";
import type { Browser } from "playwright-core";
import t, { type Test } from "tap";
import type { GroupView } from "../../src/engine/views.ts";
import { loadPlan } from "../../src/plans/load.ts";
import { openBrowser, openWindow, signIn } from "./support/browser.ts";
import { type City, lena, openCity, root } from "./support/city.ts";
import { madeUpFigures } from "./support/figures.ts";
import { until } from "./support/until.ts";

/** The wallboard on a day on which every figure is long: nothing is cut off, nothing lies over another, no word is broken. */
t.test("the wallboard has room for long figures", async (t) => {
  const browser = await openBrowser(t, { microphone: false });
  const { groups } = await loadPlan(join(root, "dialplans/stockholm"));
  const ids = Object.keys(groups);
  const [row] = await madeUpFigures("*", "*").today();
  if (!row) throw new Error("no figures");
  const all = { formula: "availability/1", numerator: 1_204, denominator: 1_204, value: 100 };
  const today = ["*", ...ids].map((group) => ({ ...row, group, availability: all }));
  const city = await openCity({ figures: { ...madeUpFigures("*", "*"), today: async () => today } });
  t.teardown(() => city.close());
  for (const language of ["sv", "en"] as const) await t.test(language, (t) => everyWidth(t, browser, city, language));
});

async function everyWidth(t: Test, browser: Browser, city: City, language: "sv" | "en"): Promise<void> {
  const window = await openWindow(t, browser, city.url, { language });
  t.teardown(() => window.close());
  const page = await window.newPage();
  await page.goto(`${city.url}/live`);
  await signIn(page, lena);
  // More than an hour for however long this test may take.
  const longestSince = Date.now() - 3_700_000;
  const long = { waiting: 12, longestSince, free: 14, talking: 23, signedIn: 112 };
  const groups: GroupView[] = Object.values(city.plan.groups).map(({ id, name }) => ({ id, name, ...long }));
  // Many groups stand in two columns, few in one.
  for (const most of [groups.length, 5]) {
    city.board({ waiting: 128, free: 114, longestSince, groups: groups.slice(0, most) });
    await page
      .locator(".board-figures")
      .getByText(/^1:\d\d:\d\d$/)
      .waitFor();
    await until(page, `document.querySelectorAll(".board tbody tr:not(.board-callbacks tr)").length === ${most}`);
    // A font that comes late is measured as its wider substitute.
    await page.evaluate("document.fonts.ready");
    // The last is 1280 px at 400 %.
    for (const width of [1920, 1280, 1024, 800, 320]) {
      await page.setViewportSize({ width, height: 800 });
      t.same(await page.evaluate(`(${outside})()`), [], `${most} groups, ${width} px: nothing sticks out of its place`);
      t.same(await page.evaluate(`(${broken})()`), [], `${most} groups, ${width} px: no heading is broken`);
    }
  }
}

/** In the page: what is wider than its own box, or than the window. */
const outside = `() => {
  const width = document.documentElement.clientWidth;
  const seen = (one) => one.closest(".hidden-text") === null && getComputedStyle(one.closest("thead") ?? one).clipPath === "none";
  const sticksOut = (one) =>
    one.getBoundingClientRect().right > width + 0.5 ||
    (getComputedStyle(one).display !== "inline" && one.scrollWidth > one.clientWidth + 1);
  return [...document.querySelectorAll(".board *")].filter((one) => seen(one) && sticksOut(one)).map((one) => one.outerHTML);
}`;

/** In the page: column headings on more than one line. */
const broken = `() => [...document.querySelectorAll(".board thead th")].filter((one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1;
}).map((one) => one.textContent)`;
