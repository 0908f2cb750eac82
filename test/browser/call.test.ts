import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import t, { type Test } from "tap";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openAccounts } from "../../src/store/accounts.ts";
import { testSystem } from "../support/system.ts";
import { openBrowser, openWindow, signIn } from "./support/browser.ts";
import { hears, listenAt } from "./support/sound.ts";

/** Rings at the agent, and waits for a key, for as long as a browser may take on a machine that has much else to do. */
function patientPlan(t: Test): string {
  const plan = readFileSync(new URL("../fixtures/plans/calls/plan.yaml", import.meta.url), "utf8");
  const patient = plan.replace("ring-seconds: 5", "ring-seconds: 60").replace("wait-seconds: 2", "wait-seconds: 15");
  return t.testdir({ "plan.yaml": patient });
}

/** P is pressed as soon as it can be after the telephone has told the exchange its new way: only one re-INVITE may be under way. */
const pressesOnRenewal = `
  const { send } = WebSocket.prototype;
  const press = () => {
    if (document.querySelector(".talk-actions button").disabled) setTimeout(press);
    else window.dispatchEvent(new KeyboardEvent("keydown", { key: "p" }));
  };
  WebSocket.prototype.send = function (data) {
    send.call(this, data);
    if (typeof data !== "string" || !data.startsWith("INVITE ")) return;
    WebSocket.prototype.send = send;
    press();
  };`;

/** No line of this page comes up any more, until `lineComesBack`. */
const lineStaysAway = `
  window.lines = WebSocket;
  window.WebSocket = class extends WebSocket {
    constructor(address, protocols) { super(new URL("/nowhere", address), protocols); }
  };`;
const lineComesBack = `
  window.WebSocket = window.lines;
  window.dispatchEvent(new Event("online"));`;

/** The whole of Kontaktlots with real Asterisk: Chromium rings as a citizen, Chromium answers as an agent. */
t.test("one call from page to page, and its place in the week's table", async (t) => {
  const sys = await testSystem(t, {
    agents: { anna: ["a", "b"] },
    planDir: patientPlan(t),
    withFront: true,
    env: { DEMO: "true" },
  });
  const accounts = await openAccounts({ file: join(sys.stateDir, stateFiles.accounts) });
  await accounts.createUser({ user: "anna", name: "Anna", roles: ["agent"], agent: "anna", password: "anna" });
  await accounts.createUser({ user: "lena", name: "Lena", roles: ["lead"], password: "lena" });
  await accounts.close();
  const url = `http://127.0.0.1:${sys.ports.spare[0]}`;
  const browser = await openBrowser(t);
  const window = async (): Promise<[Page, BrowserContext]> => {
    const context = await openWindow(t, browser, url);
    await listenAt(context);
    return [await context.newPage(), context];
  };

  const [desk] = await window();
  await desk.goto(`${url}/agent`);
  await signIn(desk, { user: "anna", password: "anna" });
  await desk.getByText("Telefonen är ansluten").waitFor();
  await desk.keyboard.press("b");
  await desk.getByRole("button", { name: /^Ledig/ }).waitFor();
  await sys.agent("anna", (view) => view.reachable && view.state === "available");

  const [citizen] = await window();
  await citizen.goto(`${url}/phone`);
  await citizen.getByRole("button", { name: "Ring", disabled: false }).click();
  await citizen.getByText("Tryck ett eller två.").waitFor();
  t.pass("what is said stands on the page");
  await citizen.keyboard.press("1");

  await desk.getByRole("button", { name: "Svara" }).waitFor();
  await desk.getByText("070-174 06 05").first().waitFor();
  t.same(await desk.locator(".path li").allTextContents(), ["Stadens nummer", "Grupp A"], "the story came along");
  await desk.keyboard.press("Enter");
  await citizen.getByText("Du talar med en handläggare.").waitFor();
  const [heard, said] = await Promise.all([hears(desk), hears(citizen)]);
  t.match([heard.codec, said.codec], ["audio/PCMA", "audio/PCMA"], "A-law on both sides");
  t.ok(heard.packets >= 25 && said.packets >= 25, `packets in: ${heard.packets} at the desk, ${said.packets} at the citizen`);

  await desk.keyboard.press("p");
  await desk.getByRole("button", { name: "Återta" }).waitFor();
  await sys.agent("anna", (view) => view.call?.phase === "held");
  await hears(citizen);
  t.pass("music while on hold");
  await desk.keyboard.press("p");
  await sys.agent("anna", (view) => view.call?.phase === "talking");
  await hears(desk);

  // The front dies: the sound does not pass through it, and the telephone finds its way back into the same call.
  await desk.evaluate(pressesOnRenewal);
  await citizen.evaluate(lineStaysAway);
  const front = sys.system.front?.pid;
  if (front === undefined) throw new Error("no front");
  // Looked for from before: it stands there only until the front is back.
  const told = desk.getByText("Förbindelsen med servern är bruten. Samtalet fortsätter").waitFor();
  process.kill(front, "SIGKILL");
  await told;
  await Promise.all([hears(desk), hears(citizen)]);
  await desk.getByText("Telefonen är ansluten").waitFor();
  await desk.getByText("Förbindelsen med servern är bruten").waitFor({ state: "detached" });
  await desk.getByRole("button", { name: "Återta" }).waitFor();
  await sys.agent("anna", (view) => view.call?.phase === "held");
  t.ok(await desk.getByRole("button", { name: "Återta" }).isVisible(), "hold works over the new line, and waits its turn");
  await desk.keyboard.press("p");
  await sys.agent("anna", (view) => view.call?.phase === "talking");

  await desk.keyboard.press("l");
  await desk.getByText("Efterarbetet slutar om").waitFor();
  await citizen.evaluate(lineComesBack);
  await citizen.getByText("Samtalet är slut.").waitFor();
  const again = citizen.getByRole("button", { name: "Ring" });
  t.ok(await again.isVisible(), "a telephone whose line was away when the call ended finds out, and may ring again");
  await desk.keyboard.press("1");
  await desk.getByRole("button", { name: "Klar", disabled: false }).waitFor();
  await desk.keyboard.press("Enter");
  await desk.getByRole("button", { name: /^Ledig/ }).waitFor();
  t.match(await sys.facts("call.outcome"), [{ outcome: "answered", agent: "anna" }]);
  t.match(await sys.facts("call.ended"), [{ stage: "talk", by: "agent" }]);
  await desk.getByText("1 av 1").waitFor();

  const [report] = await window();
  await report.goto(`${url}/statistics`);
  await signIn(report, { user: "lena", password: "lena" });
  const row = report.getByRole("row", { name: /Grupp A v\. \d+/ });
  await row.waitFor();
  const [, offered, answered, abandoned, availability, callbacks, fcr] = await row.locator("th, td").allTextContents();
  t.match([offered, answered, abandoned, callbacks], ["1", "1", "0", "0"]);
  t.match([availability, fcr], [/100\s%.*1 av 1/, /100\s%.*1 av 1/]);
});
