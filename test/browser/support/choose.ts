import type { Page } from "playwright-core";

/** Resolves when the list or menu that is open has the focus: a key that is pressed as soon as it is seen may still be the page's. */
export async function hasFocus(page: Page, role: "listbox" | "menu"): Promise<void> {
  await page.locator(`[role=${role}]:focus, [role=${role}] :focus`).waitFor();
}

/**
 * Takes an option of the list that is open, without a mouse: its first letter leads near it, the arrow down to it. A whole word typed
 * would be two on a machine that is slow enough: the list takes letters a second apart for a new beginning.
 */
export async function takeOption(page: Page, name: string): Promise<void> {
  await hasFocus(page, "listbox");
  await page.keyboard.press("Home");
  await page.keyboard.press(name.slice(0, 1));
  const wanted = page.locator("[role=option]:focus", { hasText: name });
  for (let left = await page.getByRole("option").count(); (await wanted.count()) === 0; left -= 1) {
    if (left === 0) throw new Error(`No arrow leads to "${name}".`);
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  await page.getByRole("listbox").waitFor({ state: "detached" });
}
