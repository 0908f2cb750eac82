import t from "tap";
import { openBrowser, openWindow, signIn } from "/work/main/test/browser/support/browser.ts";
import { anna, callFor, lena, openCity } from "/work/main/test/browser/support/city.ts";

const only = process.argv.slice(2);
await t.test("look", async (t) => {
  const city = await openCity();
  t.teardown(() => city.close());
  const browser = await openBrowser(t);
  const looks = [
    { name: "sv-light", language: "sv", dark: false, width: 1280, height: 800 },
    { name: "en-dark", language: "en", dark: true, width: 1280, height: 800 },
    { name: "sv-320", language: "sv", dark: false, width: 320, height: 640 },
  ] as const;
  const want = (n: string) => only.length === 0 || only.some((o) => n.includes(o));
  for (const look of looks) {
    const ctx = await openWindow(t, browser, city.url, look);
    const page = await ctx.newPage();
    page.on("console", (m) => ["error", "warning"].includes(m.type()) && console.log(look.name, m.text().slice(0, 300)));
    const shot = async (name: string) => {
      if (!want(name)) return;
      await page.waitForTimeout(300);
      const over = await page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      if (over > 0) console.log("OVERFLOW", look.name, name, over);
      await page.screenshot({ path: `/tmp/shots/${name}-${look.name}.png`, fullPage: look.width === 320 });
    };
    if (want("start")) {
      await page.goto(city.url + "/");
      await page.waitForSelector(".data");
      await shot("start");
    }
    if (want("missing")) {
      await page.goto(city.url + "/live?x");
      await shot("signin");
    }
    if (want("phone")) {
      await page.goto(city.url + "/phone");
      await page.waitForSelector(".telephone");
      await shot("phone");
    }
    if (want("stat") || want("board")) {
      await page.goto(city.url + "/statistics?from=2008-01-01&to=2008-02-24");
      await signIn(page, lena);
      await page.waitForSelector(".data");
      await shot("statistics");
      if (want("stat")) await page.screenshot({ path: `/tmp/shots/statisticsfull-${look.name}.png`, fullPage: true });
      await page.goto(city.url + "/statistics?from=2008-01-01&to=2008-02-24&group=aldre");
      await page.waitForSelector(".data");
      await shot("statone");
      await page.goto(city.url + "/statistics?from=2010-01-01&to=2010-02-24");
      await page.waitForSelector(".definitions");
      await shot("statempty");
      await page.goto(city.url + "/live");
      await page.waitForSelector(".data");
      await shot("board");
      if (look.width > 400) {
        await page.setViewportSize({ width: 1920, height: 1080 });
        await shot("boardwall");
        await page.setViewportSize(look);
      }
      await ctx.clearCookies();
    }
    if (want("desk")) {
      city.anna({ state: "offline" });
      await page.goto(city.url + "/agent");
      await shot("desksignin");
      await signIn(page, anna);
      await page.waitForSelector(".groups .data");
      await shot("desk0");
      city.anna({ state: "available" });
      await shot("desk1");
      await page.keyboard.press("s");
      await shot("desk1menu");
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await shot("desk1keys");
      await page.keyboard.press("Escape");
      city.anna({ state: "ringing", call: callFor() });
      await shot("desk2ring");
      city.anna({ state: "talking", call: callFor({ phase: "talking" }), next: "lunch" });
      await shot("desk3talk");
      city.anna({ state: "wrap-up", wrapUp: { call: "c-1", until: Date.now() + 28_000 } });
      await page.keyboard.press("2");
      await shot("desk4wrap");
      city.anna({ state: "paused", reason: "missed-calls" });
      await shot("desk5missed");
      const two = await ctx.newPage();
      await two.goto(city.url + "/agent");
      await two.waitForSelector(".second-tab");
      await two.screenshot({ path: `/tmp/shots/desk6second-${look.name}.png` });
      await two.getByRole("button", { name: /stället|instead/ }).click();
      await page.waitForSelector(".second-tab");
      await shot("desk6taken");
      await two.close();
      await page.getByRole("button", { name: /stället|instead/ }).click();
      await page.waitForSelector(".bar-state");
      await city.line.cut();
      await shot("desk7lost");
      await city.line.mend();
    }
    await ctx.close();
  }
});
