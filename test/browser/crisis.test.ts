import t from "tap";
import { noBarriers } from "./support/barriers.ts";
import { openBrowser, openWindow, signIn } from "./support/browser.ts";
import { anna, lena, openCity } from "./support/city.ts";

const inForce = (text: string, heardIn: readonly string[] = ["sv", "en"], notIn: readonly string[] = []) => ({
  id: "a1",
  where: "all" as const,
  text,
  languages: ["sv", "en", "fi", "pl"],
  heardIn,
  notIn,
  since: Date.now(),
  until: Date.now() + 7_200_000,
  by: "lena",
});

t.test("a message to all callers", async (t) => {
  const browser = await openBrowser(t);
  const city = await openCity();
  t.teardown(() => city.close());
  const opened = async (language: "sv" | "en", dark = false) => {
    const window = await openWindow(t, browser, city.url, { language, dark });
    t.teardown(() => window.close());
    return window.newPage();
  };

  await t.test("written, listened to and published by keyboard, with one question before", async (t) => {
    const page = await opened("sv");
    await page.goto(`${city.url}/crisis`);
    await signIn(page, lena);
    await page.getByText("Inget meddelande hörs just nu.").waitFor();
    const publish = page.getByRole("button", { name: "Publicera", exact: true });
    t.ok(await publish.isDisabled(), "nothing to publish yet");
    await page.getByRole("textbox", { name: "Meddelande på svenska" }).focus();
    await page.keyboard.type("Vattnet i Bromma är otjänligt.");
    await page.getByRole("button", { name: "Lyssna: svenska" }).focus();
    const [sound] = await Promise.all([page.waitForResponse(/preview$/), page.keyboard.press("Enter")]);
    t.equal(sound.headers()["content-type"], "audio/wav");
    await page.getByText("Fler språk").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Meddelande på engelska" }).fill("The water in Bromma is not safe to drink.");
    await publish.focus();
    await page.keyboard.press("Enter");
    const asked = page.getByRole("alertdialog", { name: "Ska alla som ringer höra det här?" });
    await asked.getByText("På svenska, engelska.").waitFor();
    t.strictSame(city.commands, [], "not before it is confirmed");
    await asked.locator("button:focus").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Publicerat. Nästa som ringer hör det.").waitFor();
    t.match(city.commands, [
      {
        type: "announce",
        by: "lena",
        where: "all",
        texts: { sv: "Vattnet i Bromma är otjänligt.", en: "The water in Bromma is not safe to drink." },
        recordings: {},
        minutes: 120,
        alsoWaiting: true,
      },
    ]);
    city.board({ announcements: [inForce("Vattnet i Bromma är otjänligt.", ["sv"])] });
    await page.getByText("1 meddelande hörs av dem som ringer.").waitFor();
    const heard = page.locator(".in-force");
    await heard
      .getByText("Hörs på svenska. Läses in på engelska, finska, polska; den som ringer på de språken hör svenska")
      .waitFor();
    city.board({ announcements: [inForce("Vattnet i Bromma är otjänligt.", ["sv", "en", "fi"], ["pl"])] });
    await heard.getByText("Hörs på svenska, engelska, finska.").waitFor();
    await heard.getByText("Det gick inte att läsa in på polska; den som ringer på de språken hör svenska.").waitFor();
    t.equal(await heard.getByText("Läses in").count(), 0);
    await page.getByRole("button", { name: /Ta bort: Vattnet/ }).focus();
    await page.keyboard.press("Enter");
    while (city.commands.length < 2) await page.waitForTimeout(20);
    t.strictSame(city.commands.at(-1), { type: "clear-announcement", by: "lena", announcement: "a1" });
  });

  await t.test("only some groups", async (t) => {
    const page = await opened("en");
    await page.goto(`${city.url}/crisis`);
    await signIn(page, lena);
    await page.getByRole("textbox", { name: "Message in Swedish" }).fill("Stängt.");
    await page.getByText("Only some numbers, menus or groups").click();
    const publish = page.getByRole("button", { name: "Publish", exact: true });
    t.ok(await publish.isDisabled(), "a place is still to be named");
    await page.getByRole("group", { name: "Groups" }).getByText("Elder care").first().click();
    await publish.click();
    const asked = page.getByRole("alertdialog", { name: "Should those who come to what you have chosen hear this?" });
    await asked.getByRole("button", { name: "Publish" }).click();
    await page.getByText("The next caller hears it.").waitFor();
    t.match(city.commands.at(-1), { where: { groups: ["aldre"], numbers: [], menus: [] } });
  });

  await t.test("sound for axe and at 400 %, in both languages, light and dark", async (t) => {
    for (const [language, dark] of [["sv", false] as const, ["en", true] as const]) {
      const page = await opened(language, dark);
      await page.goto(`${city.url}/crisis`);
      await signIn(page, lena);
      city.board({ announcements: [inForce("Vattnet är otjänligt. ".repeat(10), ["sv", "en"], ["pl"])] });
      await page.locator(".in-force").waitFor();
      await page.locator("summary").click();
      await page.locator(".radio").nth(1).click();
      await noBarriers(t, page, language);
    }
  });

  await t.test("everybody who works here is told at once", async (t) => {
    city.board({ announcements: [] });
    const [desk, board, agentAsks] = [await opened("sv"), await opened("sv"), await opened("sv")];
    await desk.goto(`${city.url}/agent`);
    await signIn(desk, anna);
    await board.goto(`${city.url}/live`);
    await signIn(board, lena);
    await board.locator(".board .data").first().waitFor();
    city.board({ announcements: [inForce("Vattnet är otjänligt.")] });
    for (const page of [desk, board]) await page.getByRole("alert").getByText("Vattnet är otjänligt.").waitFor();
    t.pass("on the desk and on the wall");
    await agentAsks.goto(`${city.url}/crisis`);
    await signIn(agentAsks, anna);
    await agentAsks.getByText(/Meddelanden sätts av gruppledare/).waitFor();
  });
});
