import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { KontaktlotsError } from "../../src/core/errors.ts";
import { defaultTexts, languagesFolder, readLanguage, systemPrompts } from "../../src/plans/languages.ts";
import { readPlan } from "../../src/plans/load.ts";

const small = await readFile(join(import.meta.dirname, "small.yaml"), "utf8");
const swedish = await readFile(join(languagesFolder, "sv.yaml"), "utf8");

function linesOf(read: () => unknown): string {
  try {
    read();
    return "";
  } catch (error) {
    if (!(error instanceof KontaktlotsError) || error.code !== "PLAN_INVALID") throw error;
    return error.message;
  }
}

t.test("every language's file has all that the system says", async (t) => {
  const files = (await readdir(languagesFolder)).sort();
  t.strictSame(
    files,
    ["ar", "en", "es", "fa", "fi", "ku", "pl", "so", "sv", "tr"].map((language) => `${language}.yaml`),
  );
  for (const file of files) {
    const texts = defaultTexts(file.slice(0, 2));
    t.strictSame(
      systemPrompts.filter((id) => texts[id] === undefined),
      [],
      file,
    );
    for (const id of ["place-n", "language-choice-n"]) t.match(texts[id], /\{n\}/, `${id} in ${file}`);
  }
  t.strictSame(defaultTexts("de"), {});
});

t.test("a slip in a language's file is told with its line", async (t) => {
  const slip = (from: string, to: string) => linesOf(() => readLanguage({ file: "sv.yaml", text: swedish.replace(from, to) }));
  t.match(
    slip("  goodbye:", "  godbye:"),
    /sv\.yaml:\d+:3 sentences\.godbye: "godbye" is not known here\. Did you mean "goodbye"\?/,
  );
  t.match(slip("clock:\n", "clocks:\n"), /"clocks" is not known here/);
  t.match(slip("Du är nummer {n} i kön", "Du är i kön"), /sentences\.place-n: The text does not say the number/);
  t.match(slip("Vi har stängt nu.", "Vi har {n} stängt."), /sentences\.closed: \{n\} has no meaning/);
  t.match(slip("closed: Vi har stängt nu.", "closed: '…'"), /no words/);
  t.equal(slip("Vi har stängt nu.", "Nu är det stängt."), "");
});

t.test("a plan overrides what the system says, in its own languages only", async (t) => {
  const { prompts, spoken, languages } = readPlan("plan.yaml", small).plan;
  t.strictSame(spoken, languages);
  t.strictSame(prompts["goodbye"], { sv: "Hej då.", en: "Goodbye." });
  t.strictSame(prompts["clock-14"], { sv: "klockan fjorton", en: "at two in the afternoon" });
  t.strictSame(prompts["place-7"], { sv: "Nummer 7.", en: "Number 7." });
  t.equal(prompts["language-choice-7"]?.sv, "För svenska, tryck 7.");
  t.notOk("place-n" in prompts || "language-choice-n" in prompts);
});

t.test("a plan's texts may stand in a file for each language", async (t) => {
  const { text, sv } = {
    text: small.slice(0, small.indexOf("prompts:")),
    sv: "greeting: Hej.\nchoices: >\n  Tryck 1\n  eller 2.\n",
  };
  const file = (language: string, text: string) => ({ language, file: `prompts/${language}.yaml`, text });
  const files = [file("sv", sv), file("en", "greeting: Hello.\nchoices: Press 1 or 2.\n")];
  const { plan, warnings } = readPlan("plan.yaml", text, files);
  t.strictSame(warnings, []);
  t.strictSame(plan.prompts["choices"], { sv: "Tryck 1 eller 2.", en: "Press 1 or 2." });

  const told = (...files: ReturnType<typeof file>[]) => linesOf(() => readPlan("plan.yaml", text, files));
  t.match(told(file("sv", "greeting: Hej.\n")), /There is no prompt "choices"/);
  t.match(told(file("sv", `${sv}Klar: x\n`)), /prompts\/sv\.yaml:5:1 Klar: .*does not belong here/);
  t.match(told(file("sv", `${sv}\tx: y\n`)), /prompts\/sv\.yaml:5:1 The line stands in the wrong column/);
  t.match(told(file("sv", `${sv}goodbye: "…"\n`)), /prompts\/sv\.yaml:5:10 prompts\.goodbye\.sv: The text has no words/);
  t.match(told(file("sv", sv), file("de", "greeting: Hallo.\n")), /prompts\/de\.yaml:1:1 There is no language "de"/);
  t.match(
    linesOf(() => readPlan("plan.yaml", small, files)),
    /prompts\/sv\.yaml:1:1 greeting: "greeting" has a text in sv in plan\.yaml already/,
  );
  const half = readPlan("plan.yaml", text, [file("sv", sv), file("en", "greeting: Hello.\n")]);
  t.match(half.warnings, [{ file: "prompts/en.yaml", line: 1, where: "prompts.choices.en", mend: /en is not offered/ }]);
  t.strictSame(half.plan.spoken, ["sv"]);
});
