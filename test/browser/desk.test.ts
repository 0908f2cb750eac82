import type { Browser, BrowserContext, Page } from "playwright-core";
import t, { type Test } from "tap";
import { openBrowser, openWindow, signIn } from "./support/browser.ts";
import { hasFocus, takeOption } from "./support/choose.ts";
import { anna, type City, callFor, openCity } from "./support/city.ts";
import { hears, listenAt } from "./support/sound.ts";
import { until } from "./support/until.ts";

/** The agent's desk by keyboard alone, with real sound from browser to browser; the engine says what each test wants. */

let browser: Browser;
t.test("the desk", async (t) => {
  browser = await openBrowser(t);
  await t.test("a call by keyboard alone", wholeCall);
  await t.test("the district is asked and set", asksDistrict);
  await t.test("an interpreter is rung, and let go", ringsInterpreter);
  await t.test("the line is lost in the middle of a talk", lineLost);
  await t.test("answered before the ring came", answeredEarly);
  await t.test("a second tab of the same agent", secondTab);
  await t.test("paused after two missed calls", missedTwice);
  await t.test("the microphone is refused", microphoneRefused);
  await t.test("keys can be turned off", keysOff);
  await t.test("signed out elsewhere", signedOut);
});

async function city(t: Test): Promise<City> {
  const opened = await openCity();
  t.teardown(() => opened.close());
  return opened;
}

/** Anna at her desk, available, her telephone registered. */
async function desk(t: Test, city: City, context?: BrowserContext): Promise<Page> {
  const window = context ?? (await openWindow(t, browser, city.url));
  t.teardown(() => window.close());
  const page = await window.newPage();
  await page.goto(`${city.url}/agent`);
  await signIn(page, anna);
  await page.getByText("Telefonen är ansluten").waitFor();
  await page.keyboard.press("b");
  await page.getByRole("button", { name: /^Ledig/ }).waitFor();
  return page;
}

/** A citizen who rings; the exchange lets it ring at anna's desk. */
async function caller(t: Test, city: City): Promise<Page> {
  const window = await openWindow(t, browser, city.url);
  t.teardown(() => window.close());
  const page = await window.newPage();
  await page.goto(`${city.url}/phone`);
  await page.getByRole("button", { name: "Ring" }).click();
  return page;
}

async function wholeCall(t: Test): Promise<void> {
  const c = await city(t);
  const window = await openWindow(t, browser, c.url);
  await listenAt(window);
  const page = await desk(t, c, window);
  c.exchange.ringer = "a-agent-anna";

  const citizen = await caller(t, c);
  c.anna({ state: "ringing", call: callFor() });
  await page.getByRole("button", { name: "Svara" }).waitFor();
  t.match(await page.getByRole("alert").allTextContents(), [
    /Samtal från 070-174 06 05, svenska, Stadens nummer, .*Bygglov, väntat 40 sekunder/,
  ]);
  await until(page, `document.title === "Samtal ringer – Kontaktlots"`);
  // The focus is where it was left, on the state menu: Enter answers all the same.
  await page.getByRole("button", { name: /^Ringer/ }).focus();
  // Two ways lead from here: the word to the engine may come later than the sound.
  await asking(page, () => page.keyboard.press("Enter"));
  await citizen.getByText("Kopplad").waitFor();
  c.anna({ state: "talking", call: callFor({ phase: "talking" }) });
  t.same(c.commands.at(-1), { type: "answering", agent: "agent-anna", call: "c-1" });
  const sound = await hears(page);
  t.equal(sound.codec, "audio/PCMA", "A-law from end to end");
  t.ok(c.exchange.bodies.length > 0 && c.exchange.bodies.every((body) => /m=audio \d+ \S+ 8 \d+\r\n/.test(body)));

  await page.keyboard.press("m");
  await page.getByText("Mikrofonen är av. Den som ringer hör dig inte.").waitFor();
  await page.keyboard.press("m");
  await page.keyboard.press("p");
  await page.getByText("Parkerat, den som ringer hör musik").waitFor();
  t.match(c.exchange.bodies.at(-2), /a=sendonly/, "hold is a re-INVITE that says so");
  await page.keyboard.press("p");
  await page.getByRole("button", { name: "Parkera" }).waitFor();

  await page.keyboard.press("t");
  await page.getByRole("group", { name: "Toner till den andra telefonen" }).waitFor();
  await page.keyboard.press("5");
  t.same(await page.evaluate("window.tones"), ["5"], "an RFC 4733 event");
  t.notOk(
    c.commands.some(({ type }) => type === "outcome"),
    "while the keypad is open digits are tones",
  );
  await page.keyboard.press("t");

  await page.keyboard.press("l");
  await citizen.getByRole("button", { name: "Ring" }).waitFor();
  c.anna({ state: "wrap-up", wrapUp: { call: "c-1", until: Date.now() + 60_000 } });
  await page.getByText("Efterarbetet slutar om").waitFor();
  t.ok(await page.getByRole("button", { name: "Klar" }).isDisabled(), "an outcome first");
  t.ok(await page.getByText("070-174 06 05").isVisible(), "the story stays during wrap-up");
  await page.keyboard.press("2");
  await page.getByRole("button", { name: "Klar", disabled: false }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Ledig/ }).waitFor();
  t.same(
    c.commands.map(({ type }) => type),
    ["available", "answering", "outcome", "done"],
  );
  t.match(c.commands[2], { outcome: "taken-care-of" });

  await page.keyboard.press("s");
  await page.getByRole("menuitem", { name: "Lunch" }).waitFor();
  await hasFocus(page, "menu");
  await page.keyboard.press("2");
  await page.getByRole("button", { name: /^Paus: Lunch/ }).waitFor();
  await page.keyboard.press("s");
  await page.getByRole("menuitem", { name: "Logga ut" }).waitFor();
  await hasFocus(page, "menu");
  await page.keyboard.press("7");
  await page.getByRole("heading", { name: "Logga in" }).waitFor();
  t.match(c.commands.at(-1), { type: "sign-out" });
}

/** Does something that asks the engine for something, and waits until it has come there. */
async function asking(page: Page, act: () => Promise<void>): Promise<void> {
  await Promise.all([page.waitForResponse(/agent\/command/), act()]);
}

/** By keyboard: D, the first letter of the name, Enter; while talking and in wrap-up. */
async function asksDistrict(t: Test): Promise<void> {
  const c = await city(t);
  const page = await desk(t, c);
  const set = async (name: string): Promise<void> => {
    await page.keyboard.press("d");
    await asking(page, () => takeOption(page, name));
  };
  const call = callFor({ phase: "talking", asksDistrict: true });
  c.anna({ state: "ringing", call: { ...call, phase: "ringing" } });
  await page.getByText("Stadsdel saknas. Fråga den som ringer.").waitFor();
  t.equal(await page.getByRole("button", { name: /Stadsdel/ }).count(), 0, "nobody is asked before they are answered");
  c.anna({ state: "talking", call });
  await page.getByRole("button", { name: /Välj stadsdel/ }).waitFor();
  await set("Norrmalm");
  t.match(c.commands.at(-1), { type: "district", call: "c-1", district: "Norrmalm" });
  c.anna({ state: "talking", call: { ...call, district: { name: "Norrmalm", source: "agent" } } });
  await page.getByText("angiven av handläggare").waitFor();
  await asking(page, () => page.keyboard.press("2"));
  t.match(c.commands.at(-1), { type: "outcome" }, "the keys are the desk's again");
  c.anna({
    state: "wrap-up",
    wrapUp: { call: "c-1", until: Date.now() + 60_000, district: { name: "Bromma", source: "postcode" } },
  });
  await page.getByText("enligt postnummer").waitFor();
  await set("Farsta");
  t.match(c.commands.at(-1), { type: "district", call: "c-1", district: "Farsta" });
  c.anna({ state: "talking", call: callFor({ phase: "talking", call: "c-2" }) });
  await page.getByText("enligt postnummer").waitFor({ state: "detached" });
  t.equal(await page.getByText("Stadsdel saknas").count(), 0, "a group that does not care shows nothing");
}

async function ringsInterpreter(t: Test): Promise<void> {
  const c = await city(t);
  const page = await desk(t, c);
  const withOne = (state: "wanted" | "possible" | "ringing" | "talking", phase: "ringing" | "talking" = "talking") =>
    callFor({ phase, language: "so", interpreter: { language: "so", state } });
  c.anna({ state: "ringing", call: withOne("wanted", "ringing") });
  await page.getByText("Med tolk, som rings upp när du svarar: somaliska").waitFor();
  c.anna({ state: "talking", call: withOne("possible") });
  await page.getByRole("button", { name: "Ring tolk" }).waitFor();
  await asking(page, () => page.keyboard.press("r"));
  t.match(c.commands.at(-1), { type: "interpreter", call: "c-1", language: "so" });
  c.anna({ state: "talking", call: withOne("ringing") });
  await page.getByText("Tolk rings upp: somaliska").waitFor();
  c.anna({ state: "talking", call: withOne("talking") });
  await page.getByText("Tolk är med: somaliska").waitFor();
  await asking(page, () => page.getByRole("button", { name: "Avsluta tolk" }).click());
  t.match(c.commands.at(-1), { type: "interpreter", call: "c-1", language: null });
}

async function lineLost(t: Test): Promise<void> {
  const c = await city(t);
  const window = await openWindow(t, browser, c.url);
  await listenAt(window);
  const page = await desk(t, c, window);
  c.exchange.ringer = "a-agent-anna";
  const citizen = await caller(t, c);
  c.anna({ state: "ringing", call: callFor() });
  await page.getByRole("button", { name: "Svara" }).click();
  await citizen.getByText("Kopplad").waitFor();
  c.anna({ state: "talking", call: callFor({ phase: "talking" }) });
  await hears(page);

  await c.line.cut();
  await page.getByText("Förbindelsen med servern är bruten. Samtalet fortsätter").waitFor();
  await hears(page);
  t.ok(await page.getByText("070-174 06 05").isVisible(), "the call's story stays");
  await page.keyboard.press("m");
  await page.getByText("Mikrofonen är av. Den som ringer hör dig inte.").waitFor();

  await c.line.mend();
  await page.getByText("Telefonen är ansluten").waitFor();
  await page.getByText("Förbindelsen med servern är bruten").waitFor({ state: "detached" });
  await hears(page);
  t.ok(c.exchange.registered.has("a-agent-anna"), "registered again by itself");
  await page.keyboard.press("l");
  c.anna({ state: "wrap-up", wrapUp: { call: "c-1", until: Date.now() + 60_000 } });
  await page.getByRole("radio", { name: /Besvarad/ }).waitFor();
}

async function answeredEarly(t: Test): Promise<void> {
  const c = await city(t);
  const page = await desk(t, c);
  c.anna({ state: "ringing", call: callFor() });
  await page.getByRole("button", { name: "Svara" }).waitFor();
  await page.keyboard.press("Enter");
  c.exchange.ringer = "a-agent-anna";
  const citizen = await caller(t, c);
  await citizen.getByText("Kopplad").waitFor();
  t.pass("the ring that came after the key was answered by it");
  await citizen.keyboard.press("Escape");
  await page.getByRole("button", { name: "Parkera" }).waitFor({ state: "detached" });
}

async function secondTab(t: Test): Promise<void> {
  const c = await city(t);
  const window = await openWindow(t, browser, c.url);
  const first = await desk(t, c, window);
  c.exchange.ringer = "a-agent-anna";
  const citizen = await caller(t, c);
  c.anna({ state: "ringing", call: callFor() });
  await first.getByRole("button", { name: "Svara" }).click();
  await citizen.getByText("Kopplad").waitFor();
  c.anna({ state: "talking", call: callFor({ phase: "talking" }) });

  const second = await window.newPage();
  await second.goto(`${c.url}/agent`);
  await second.getByText("Samtalsbordet är öppet i en annan flik").waitFor();
  await second.getByText("AGENT_SECOND_TAB").waitFor();
  await second.getByText("Du är i samtal i den andra fliken.").waitFor();
  await second.getByRole("button", { name: "Använd här ändå" }).click();
  await second.getByText("Telefonen är ansluten").waitFor();

  await first.getByText("Telefonen används nu i en annan flik").waitFor();
  await first.getByText("Samtalet som pågår är kvar här").waitFor();
  t.ok(await citizen.getByText("Kopplad").isVisible(), "the talk was not ended");
  await first.getByRole("button", { name: "Lägg på" }).click();
  await citizen.getByRole("button", { name: "Ring" }).waitFor();
  c.anna({ state: "available" });
  await citizen.getByRole("button", { name: "Ring" }).click();
  c.anna({ state: "ringing", call: callFor({ call: "c-2" }) });
  await second.getByRole("button", { name: "Svara" }).click();
  await citizen.getByText("Kopplad").waitFor();
  t.equal(await first.getByRole("button", { name: "Svara" }).count(), 0, "the next call came to the new tab alone");
}

async function missedTwice(t: Test): Promise<void> {
  const c = await city(t);
  const page = await desk(t, c);
  c.anna({ state: "paused", reason: "missed-calls", missedInRow: 2 });
  await page.getByRole("alert").getByText("Du är pausad efter två missade samtal.").waitFor();
  await page.keyboard.press("b");
  await page.getByRole("button", { name: /^Ledig/ }).waitFor();
  t.match(c.commands.at(-1), { type: "available" });
}

async function microphoneRefused(t: Test): Promise<void> {
  const c = await city(t);
  const window = await openWindow(t, browser, c.url);
  await window.addInitScript(`
    const real = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
    if (real) navigator.mediaDevices.getUserMedia = (wish) =>
      window.allowed ? real(wish) : Promise.reject(new DOMException("Permission denied", "NotAllowedError"));`);
  const page = await desk(t, c, window);
  const message = page.getByRole("alert").filter({ hasText: "MICROPHONE_REFUSED" });
  await message.getByText("Den som ringer skulle inte höra dig.").waitFor();
  await page.evaluate("window.allowed = true");
  await page.getByRole("button", { name: "Pröva mikrofonen igen" }).click();
  await page.getByText("Mikrofonen fungerar").waitFor();
  await message.waitFor({ state: "detached" });
  t.pass("and the warning is gone");
}

async function keysOff(t: Test): Promise<void> {
  const c = await city(t);
  const page = await desk(t, c);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Tangenter" }).waitFor();
  await page.getByRole("switch", { name: "Använd tangenterna" }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("s");
  await page.keyboard.press("?");
  t.equal(await page.getByRole("menu").count(), 0);
  t.equal(await page.getByRole("dialog").count(), 0);
  c.anna({ state: "ringing", call: callFor() });
  await page.getByRole("button", { name: "Avvisa" }).waitFor();
  // Asked for first: the answer may be there before the press has returned.
  await Promise.all([page.waitForResponse(/command/), page.keyboard.press("Enter")]);
  t.match(c.commands.at(-1), { type: "answering" }, "Enter is no character key and answers still");
}

async function signedOut(t: Test): Promise<void> {
  const c = await city(t);
  const window = await openWindow(t, browser, c.url);
  const page = await desk(t, c, window);
  const other = await window.newPage();
  await other.goto(`${c.url}/`);
  await other.evaluate(`fetch("/api/session", { method: "DELETE" })`);
  await page.getByRole("heading", { name: "Logga in" }).waitFor();
  t.pass("the form comes by itself");
}
