import axe from "axe-core";
import type { Page } from "playwright-core";
import type { Test } from "tap";
import { until } from "./until.ts";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds, as its rule and the element. No page of ours has frames. */
const violations = `axe
  .run({ runOnly: ${JSON.stringify(tags)}, resultTypes: ["violations"], iframes: false })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))`;

/** What moves or fades comes to its end, and letters have their own font: else what is measured is what nobody gets to see. */
const settled = `Promise.allSettled([document.fonts.ready, ...document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished)])`;

/** Nothing on the page keeps anybody out: nothing for axe, and no sideways scrolling at 320 CSS px, which is 1280 at 400 %. */
export async function noBarriers(t: Test, page: Page, name: string): Promise<void> {
  await page.evaluate(settled);
  // Once for each document: to read it in takes as long as to look.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  t.same(await page.evaluate(violations), [], `${name}: nothing for axe`);
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  await page.setViewportSize({ width: 320, height: 640 });
  const over = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
  // A chart takes its new width only after its place has: what stays too wide is told below.
  await until(page, `${over} === 0`).catch(() => undefined);
  t.equal(await page.evaluate(over), 0, `${name}: no sideways scrolling at 320 px`);
  await page.setViewportSize(size);
}
