import type { Test } from "tap";
import type { OfficerDirectory, OfficerRecord } from "../../src/store/officer-port.ts";

/** What every directory does, whatever keeps it. */

export const anna: OfficerRecord = {
  id: "anna.berg",
  name: "Anna Berg",
  extension: "12345",
  number: "+46850812345",
  functions: ["Handläggare"],
  subjects: ["Bygglov"],
  districts: ["Södermalm"],
  colleague: "12346",
  group: "bygglov",
  email: "anna.berg@example.org",
};
export const bo: OfficerRecord = {
  id: "bo.ek",
  name: "Bo Ek",
  extension: "12346",
  number: "+46850812346",
  functions: ["Parkingenjör"],
  subjects: ["Parkskötsel"],
  districts: ["Bromma"],
};

const now = 1_000_000;

export async function conform(t: Test, open: () => Promise<OfficerDirectory>): Promise<void> {
  const opened = async (): Promise<OfficerDirectory> => {
    const officers = await open();
    t.teardown(() => officers.close());
    return officers;
  };
  const ids = async (officers: OfficerDirectory, question: string) =>
    (await officers.search(question, 10, now)).map(({ id }) => id);

  await t.test("a list is replaced whole: starters, leavers and changes are told", async (t) => {
    const officers = await opened();
    t.strictSame(await officers.replaceOfficers([bo, anna]), { added: ["anna.berg", "bo.ek"], changed: [], removed: [] });
    t.strictSame(await officers.list(now), [anna, bo]);
    t.strictSame(await officers.replaceOfficers([anna, bo]), { added: [], changed: [], removed: [] });
    const moved = { ...anna, extension: "12346" };
    const cy = { ...bo, id: "cy", extension: "12345" };
    t.strictSame(await officers.replaceOfficers([moved, cy]), { added: ["cy"], changed: ["anna.berg"], removed: ["bo.ek"] });
    t.equal((await officers.findExtension("12345", now))?.id, "cy", "extensions may change hands");
    t.equal((await officers.findExtension("12346", now))?.id, "anna.berg");
    t.equal((await officers.find("cy", now))?.extension, "12345");
    t.equal(await officers.find("bo.ek", now), undefined);
    t.equal(await officers.findExtension("1234", now), undefined);
    t.equal(await officers.findExtension("' or 1=1 --", now), undefined);
  });

  await t.test("two may swap extensions", async (t) => {
    const officers = await opened();
    await officers.replaceOfficers([anna, bo]);
    await officers.replaceOfficers([
      { ...anna, extension: bo.extension },
      { ...bo, extension: anna.extension },
    ]);
    t.equal((await officers.findExtension("12345", now))?.id, "bo.ek");
  });

  await t.test("an absence is over when its time is, outlives a new list, and goes with its officer", async (t) => {
    const officers = await opened();
    await officers.replaceOfficers([anna, bo]);
    await officers.setAbsence("anna.berg", { reason: "meeting", until: now + 1 });
    await officers.setAbsence("bo.ek", { reason: "leave" });
    await officers.replaceOfficers([{ ...anna, name: "Anna Lund" }, bo]);
    t.match(await officers.findExtension("12345", now), { name: "Anna Lund", absence: { reason: "meeting", until: now + 1 } });
    t.equal((await officers.findExtension("12345", now + 1))?.absence, undefined);
    t.match((await officers.list(now + 1)).at(1), { absence: { reason: "leave" } });
    await officers.setAbsence("bo.ek", undefined);
    t.equal((await officers.findExtension("12346", now))?.absence, undefined);
    await t.rejects(officers.setAbsence("nobody", { reason: "away" }), { code: "NOT_FOUND" });
    await officers.replaceOfficers([bo]);
    await officers.replaceOfficers([anna, bo]);
    t.equal((await officers.findExtension("12345", now))?.absence, undefined, "who comes back is back");
  });

  await t.test("search: by the beginnings of words, all of which must fit", async (t) => {
    const officers = await opened();
    await officers.replaceOfficers([anna, bo]);
    t.strictSame(await ids(officers, "ann"), ["anna.berg"]);
    t.strictSame(await ids(officers, "BYGG söder"), ["anna.berg"]);
    t.strictSame(await ids(officers, "bygg bromma"), []);
    t.strictSame(await ids(officers, "12346"), ["bo.ek"]);
    t.strictSame(await ids(officers, "123"), ["anna.berg", "bo.ek"]);
    t.strictSame(await ids(officers, "ark"), [], "not from the middle");
    t.strictSame(await ids(officers, " %_' "), []);
    t.equal((await officers.search("123", 1, now)).length, 1);
  });

  await t.test("a district's own synonyms count for its own officers", async (t) => {
    const officers = await opened();
    await officers.replaceSynonyms([
      { district: "Södermalm", word: "Söderort", means: "södermalm" },
      { district: "Bromma", word: "Byggkontoret", means: "Bygglov" },
      { word: "gräsklippning", means: "Parkskötsel" },
    ]);
    await officers.replaceOfficers([anna, bo]);
    t.strictSame(await ids(officers, "söderort"), ["anna.berg"]);
    t.strictSame(await ids(officers, "byggkontoret"), [], "Bromma's word, and nobody there does it");
    t.strictSame(await ids(officers, "gräs"), ["bo.ek"]);
    t.equal(await officers.replaceSynonyms([]), 0);
    t.strictSame(await ids(officers, "gräs"), []);
  });
}
