import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import t from "tap";
import { errorCodes } from "../../src/core/errors.ts";
import { loadPlan } from "../../src/plans/load.ts";
import { periodOf, today, validPeriod } from "../../src/web/pages/statistics/period.ts";
import { onlyAlaw } from "../../src/web/phone/sdp.ts";
import { capital, clockTime, languageName, ownLanguageName, percent, phoneNumber, weekOf } from "../../src/web/text/format.ts";

type Texts = { readonly [key: string]: string | Texts };

/** Each text by its path: "agent.call.answer" → "Svara". */
function flat(texts: Texts, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === "string") found.set(path + key, value);
    else for (const [inner, text] of flat(value, `${path}${key}.`)) found.set(inner, text);
  }
  return found;
}

const read = (language: string): Map<string, string> =>
  flat(JSON.parse(readFileSync(new URL(`../../src/web/text/${language}.json`, import.meta.url), "utf8")) as Texts);

t.test("Swedish and English say the same things", async (t) => {
  const [sv, en] = [read("sv"), read("en")];
  t.same([...en.keys()].sort(), [...sv.keys()].sort(), "the same keys");
  const blanks = (text: string | undefined) => (text?.match(/\{\{\w+\}\}/g) ?? []).sort();
  for (const [key, text] of sv) {
    t.same(blanks(en.get(key)), blanks(text), `${key}: the same blanks`);
    t.ok(text.trim() !== "" && en.get(key)?.trim() !== "", `${key}: not empty`);
    t.notMatch(`${text}${en.get(key)}`, /!/, `${key}: no exclamation mark`);
  }
});

t.test("the pages' codes are in the catalogue, and each that a page itself gives has its sentence", async (t) => {
  const catalogue: readonly string[] = errorCodes;
  const sentences = new Set([...read("sv").keys()].flatMap((key) => /^error\.([A-Z_]+)\./.exec(key)?.[1] ?? []));
  t.same(
    [...sentences].filter((code) => !catalogue.includes(code)),
    [],
    "no sentence for a code that is not there",
  );
  const web = new URL("../../src/web/", import.meta.url);
  const files = readdirSync(web, { recursive: true, encoding: "utf8" }).filter(
    (path) => /\.tsx?$/.test(path) && !/^(dist|node_modules)/.test(path),
  );
  const given = new Set(
    files.flatMap((path) => readFileSync(new URL(path, web), "utf8").match(/(?<=")[A-Z]+(_[A-Z]+)+(?=")/g) ?? []),
  );
  t.ok(given.has("LINE_LOST") && given.has("MICROPHONE_BUSY"), "they are found");
  for (const code of given) t.ok(catalogue.includes(code) && sentences.has(code), code);
});

t.test("numbers as people write them", async (t) => {
  t.equal(phoneNumber("+46701740605"), "070-174 06 05");
  t.equal(phoneNumber("+46846500400"), "08-465 004 00");
  t.equal(phoneNumber("+4690123456"), "090-12 34 56");
  t.equal(phoneNumber("+46980123456"), "0980-12 34 56");
  t.equal(phoneNumber("+358401234567"), "+358401234567");
  t.equal(clockTime(42_400), "0:42");
  t.equal(clockTime(3_729_000), "1:02:09");
  t.equal(clockTime(-5), "0:00");
  t.match(percent(96.46, "sv", 1), /^96,5\s%$/);
  t.equal(percent(96.46, "en"), "96%");
  t.equal(percent(null, "sv"), "–", "an empty denominator is neither 0 % nor 100 %");
  t.same(weekOf("2008-W03"), { week: 3, year: 2008 });
});

t.test("each of the city's languages has its name in the page's languages and in itself", async (t) => {
  const { agentLanguages } = await loadPlan(fileURLToPath(new URL("../../dialplans/stockholm", import.meta.url)));
  for (const code of agentLanguages) {
    for (const language of ["sv", "en", code]) {
      const name = language === code ? ownLanguageName(code) : languageName(code, language);
      t.not(name, code, `${code} in ${language}: ${name}`);
    }
  }
  t.equal(capital("éwé"), "Éwé");
  t.equal(capital(""), "");
});

t.test("periods are whole weeks of the city's days", async (t) => {
  t.equal(today(Date.UTC(2026, 10, 22, 23, 30)), "2026-11-23", "half past midnight in Stockholm");
  t.same(periodOf("thisWeek", "2026-11-22"), { from: "2026-11-16", to: "2026-11-22" }, "Sunday ends the week");
  t.same(periodOf("lastWeek", "2026-11-23"), { from: "2026-11-16", to: "2026-11-22" });
  t.same(periodOf("fourWeeks", "2026-11-23"), { from: "2026-11-02", to: "2026-11-29" });
  t.notOk(validPeriod({ from: "2026-02-30", to: "2026-03-01" }), "no such day");
  t.notOk(validPeriod({ from: "2026-03-02", to: "2026-03-01" }), "the wrong way round");
});

t.test("only A-law and telephone events are offered", async (t) => {
  const lines = (...more: string[]) => ["v=0", "s=-", "t=0 0", ...more, ""].join("\r\n");
  const chromium = lines(
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126",
    "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 minptime=10;useinbandfec=1",
    "a=rtcp-fb:111 transport-cc",
    "a=rtpmap:9 G722/8000",
    "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:110 telephone-event/48000",
    "a=rtpmap:126 telephone-event/8000",
    "a=sendrecv",
  );
  t.equal(
    onlyAlaw(chromium),
    lines("m=audio 9 UDP/TLS/RTP/SAVPF 8 126", "a=rtpmap:8 PCMA/8000", "a=rtpmap:126 telephone-event/8000", "a=sendrecv"),
  );
  const opusOnly = lines("m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=rtpmap:111 opus/48000/2");
  t.equal(onlyAlaw(opusOnly), opusOnly, "what has no A-law is left to the other side");
  t.equal(onlyAlaw(onlyAlaw(chromium)), onlyAlaw(chromium), "twice is once");
});
