import { execFileSync } from "node:child_process";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type { Test } from "tap";
import { buildPages } from "../../../src/launch/pages.ts";
import { root } from "./city.ts";

/** Chromium as on the agent's desk, with a microphone that beeps, and closed at the test's end. */
export async function openBrowser(t: Test, { microphone = true } = {}): Promise<Browser> {
  await buildPages(root, (line) => t.comment(line));
  const browser = await chromium.launch({
    executablePath: execFileSync("which", ["chromium"], { encoding: "utf8" }).trim(),
    args: [
      "--headless",
      "--no-sandbox",
      ...(microphone ? ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"] : []),
      "--disable-background-networking",
      "--autoplay-policy=no-user-gesture-required",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  t.teardown(() => browser.close());
  return browser;
}

export type Look = {
  readonly language?: "sv" | "en";
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
};

/** A window of its own, signed in as nobody, in the wanted language, colours and size. Errors in the page fail the test. */
export async function openWindow(t: Test, browser: Browser, url: string, look: Look = {}): Promise<BrowserContext> {
  const { language = "sv", dark = false, width = 1280, height = 800 } = look;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "no-preference",
    locale: "sv-SE",
    storageState: {
      cookies: [],
      origins: [{ origin: url, localStorage: [{ name: "kontaktlots.language", value: language }] }],
    },
  });
  context.setDefaultTimeout(30_000);
  context.on("weberror", (event) => t.fail(`the page threw: ${event.error().stack ?? event.error().message}`));
  return context;
}

/** Signs in by the form of the page that is open. */
export async function signIn(page: Page, { user, password }: { user: string; password: string }): Promise<void> {
  await page.locator("input[name=user]").fill(user);
  await page.locator("input[name=password]").fill(password);
  await page.keyboard.press("Enter");
  await page.locator("input[name=password]").waitFor({ state: "detached" });
}
