import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright-core";

const patienceMs = 30_000;

/**
 * Resolves when an expression holds in the page. Asked from here again and again: our pages let nobody evaluate a text in them, so Playwright
 * cannot keep looking from inside.
 */
export async function until(page: Page, holds: string): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await page.evaluate(holds))) {
    if (performance.now() > end) throw new Error(`In the page it never held: ${holds}`);
    await delay(50);
  }
}
