import fc from "fast-check";
import t from "tap";
import { checkPrompts } from "../../../src/telephony/prompts/check.ts";
import { readableText, stretchesOf, textProblem } from "../../../src/telephony/prompts/text.ts";
import { planSaying } from "./tones.ts";

t.test("a text is spoken in one stretch, and another language within it in its own", async (t) => {
  t.strictSame(stretchesOf("Hej.", "sv"), [{ text: "Hej.", language: "sv" }]);
  t.strictSame(stretchesOf("Hej. [en: For English, press 9.] [fi: Hei.] Välkommen.", "sv"), [
    { text: "Hej.", language: "sv" },
    { text: "For English, press 9.", language: "en" },
    { text: "Hei.", language: "fi" },
    { text: "Välkommen.", language: "sv" },
  ]);
  t.strictSame(stretchesOf("[en: Hello]", "sv"), [{ text: "Hello", language: "en" }]);
});

t.test("people read the text without marks", async (t) => {
  t.equal(readableText("Hej. [en: For English, press 9.]"), "Hej. For English, press 9.");
  t.equal(readableText("Hej [du]."), "Hej [du].");
});

t.test("texts that cannot be spoken", async (t) => {
  t.equal(textProblem("Hej,\ndu 7."), undefined);
  t.equal(textProblem("مرحبا"), undefined);
  t.match(textProblem("")?.what, /no words/);
  t.match(textProblem(" … ")?.what, /no words/);
  t.match(textProblem("[en: ]")?.what, /no words/);
  t.match(textProblem("a\u0000b")?.what, /control/);
  t.match(textProblem("a\u001b[2J")?.what, /control/);
  t.match(textProblem("a\rb")?.what, /control/);
  t.match(textProblem("a".repeat(1_001))?.what, /1001 letters/);
});

t.test("no word of any text is lost between the stretches", async () => {
  const words = (text: string) => text.match(/[\p{L}\p{N}]/gu)?.join("") ?? "";
  const piece = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("[en: hello]", "[fi:", "]", "[", "[EN: x]"));
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join(" ");
      const spoken = stretchesOf(text, "sv").map((stretch) => stretch.text);
      return words(spoken.join(" ")) === words(readableText(text));
    }),
  );
});

t.test("a plan's prompts are checked as a whole", async (t) => {
  t.strictSame(checkPrompts(planSaying({})), []);
  const problems = checkPrompts(
    planSaying({ "../x": { sv: "a" }, b: { "..": "b", sv: "c" }, c: { en: "only" }, d: { sv: "", en: "d" } }),
  );
  t.strictSame(
    problems.map(({ prompt, language }) => `${prompt} ${language}`),
    ["../x sv", "b sv", "c sv", "d sv"],
  );
});
