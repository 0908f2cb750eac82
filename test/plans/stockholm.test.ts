import { join } from "node:path";
import t from "tap";
import { entryFor } from "../../src/core/menu/entry.ts";
import { type MenuStep, noKey, pressKey, startMenu } from "../../src/core/menu/walk.ts";
import { keys } from "../../src/core/plan/plan.ts";
import { loadPlanWithWarnings } from "../../src/plans/load.ts";
import { readSettings } from "../../src/settings/settings.ts";

const { plan, warnings } = await loadPlanWithWarnings(join(import.meta.dirname, "../../dialplans/stockholm"));
const common = entryFor(plan, "+46846500400");

t.test("it is the same after it has been handed on as JSON, to the processes that go by it", async (t) => {
  t.strictSame(JSON.parse(JSON.stringify(plan)), plan);
});

/** Every step after at most `presses` keys from the common number. */
function reached(presses: number): MenuStep[] {
  const first = startMenu(plan, common);
  const steps = [first];
  let open = [first];
  for (let left = presses; left > 0; left--) {
    open = open.flatMap((step) => ("place" in step ? keys.map((key) => pressKey(plan, step.place, key)) : []));
    steps.push(...open);
  }
  return steps;
}

t.test("Stockholm's plan has nothing to remark", async (t) => {
  t.strictSame(warnings, []);
});

t.test("the groups are those of the city's decision", async (t) => {
  const decided =
    "bygglov exploatering miljo trafik avfall stadsmiljo fastighet idrott stadsarkivet bostad foretag aldre forskola utbildning konsument ovrigt";
  t.strictSame(Object.keys(plan.groups).sort(), decided.split(" ").sort());
  for (const group of Object.values(plan.groups))
    t.match(group, { ringMs: 20_000, answerTargetMs: 60_000, shortAbandonMs: 5_000, fcrTargetPercent: 70 }, group.id);
});

t.test("every group is at most two keys away", async (t) => {
  const groups = new Set(reached(2).flatMap((step) => (step.to === "group" && step.because === "key" ? [step.group] : [])));
  t.strictSame([...groups].sort(), Object.keys(plan.groups).sort());
});

t.test("elder care is reached with no key on its own number, and with key 1 on the common one", async (t) => {
  t.match(startMenu(plan, entryFor(plan, "0846500401")), { to: "group", group: "aldre", say: ["greeting-aldre"] });
  const first = startMenu(plan, common);
  t.match(first.to === "node" && pressKey(plan, first.place, "1"), { to: "group", group: "aldre" });
});

t.test("in every menu 0 leads to a person, star repeats, and silence leads to a person", async (t) => {
  const menus = reached(1).filter((step) => step.to === "node" && plan.nodes[step.place.node]?.kind === "menu");
  // Besides those of subjects there are what is heard while closed, while waiting, when very many wait, and when very many ring.
  const all = Object.values(plan.nodes).filter(({ kind }) => kind === "menu");
  t.equal(new Set(menus.map((step) => "place" in step && step.place.node)).size, all.length - 4);
  for (const step of menus) {
    if (!("place" in step)) continue;
    const { place } = step;
    t.match(pressKey(plan, place, "0"), { to: "group", group: "ovrigt" });
    t.match(pressKey(plan, place, "*"), { to: "repeat", because: "key" });
    let silent: MenuStep = noKey(plan, place);
    for (let left = 2; left > 0 && "place" in silent; left--) silent = noKey(plan, silent.place);
    t.match(silent, { to: "group", group: "ovrigt" });
  }
});

t.test("a surge is led aside before the lines are full, to whoever is urgent, a callback or a message, and ends", async (t) => {
  const { calls = 0, next } = plan.admission ?? {};
  // Beyond four fifths of the legs there are ports for the dialplan has a few words only.
  const { rtpStart, rtpEnd } = readSettings({}, import.meta.dirname).asterisk;
  const lines = ((rtpEnd - rtpStart + 1) / 2) * 0.8;
  t.ok(calls >= 300 && calls < lines, `${calls} of ${lines}`);
  t.strictSame(next, { to: "node", node: "rusning" });
  const kinds = (["1", "2", "3", "0"] as const).map((key) => {
    const step = pressKey(plan, { node: "rusning", language: "sv", tries: 0 }, key);
    return step.to === "node" && plan.nodes[step.place.node]?.kind;
  });
  t.strictSame(kinds, ["callback", "voicemail", "dial", "dial"]);
  const silent = noKey(plan, { node: "rusning", language: "sv", tries: 1 });
  t.match(silent, { to: "end" }, "no line is held for nothing");
  const always = plan.numbers.filter(({ admission }) => admission === false).map(({ name }) => name.sv);
  t.strictSame(always, ["Äldre direkt"], "the elderly are let in");
  t.match(entryFor(plan, "0846500405").start, { priority: "urgent" }, "and who is urgent");
});

t.test("9 is English, to the end of the call", async (t) => {
  const first = startMenu(plan, common);
  const english = first.to === "node" && pressKey(plan, first.place, "9");
  t.match(english, { to: "node", place: { node: "start", language: "en" } });
  t.match(english && english.to === "node" && pressKey(plan, english.place, "1"), { to: "group", language: "en" });
});

t.test("the old numbers ring on", async (t) => {
  t.equal(entryFor(plan, "+46846500402"), common);
  t.equal(entryFor(plan, "+46846500403"), common);
  t.match(startMenu(plan, entryFor(plan, "+46846500404")), { to: "group", group: "bostad" });
});
