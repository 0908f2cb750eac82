import fc from "fast-check";
import t from "tap";
import { KontaktlotsError } from "../../src/core/errors.ts";
import { readOfficers } from "../../src/directory/officers-csv.ts";
import { isSynonyms, readSynonyms } from "../../src/directory/synonyms-csv.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const known = { groups: ["bygglov", "trafik"], districts: ["Bromma", "Södermalm"] };
const head = "id;name;extension;number;functions;subjects;districts;colleague;group;email";
const annaLine = "anna.berg;Anna Berg;12345;08-508 12 345;Handläggare;Bygglov, Strandskydd;Bromma;12346;bygglov;anna@example.org";
const boLine = "bo;Bo Ek;12346;+46850812346;;;;;;";
const officers = (text: string) => readOfficers(bytes(text), "people.csv", known);

/** The lines of an error, without its first and last. */
function problems(read: () => unknown): string[] {
  try {
    read();
  } catch (thrown) {
    if (!(thrown instanceof KontaktlotsError) || thrown.code !== "DIRECTORY_INVALID") throw thrown;
    return thrown.message
      .split("\n  ")
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

t.test("as Excel writes it: byte order mark, semicolons, carriage returns, quotes, empty lines at the end", async (t) => {
  const read = officers(`\uFEFF${head}\r\n${annaLine.replace("Anna Berg", '"Berg; ""Annie"""')}\r\n${boLine}\r\n;;;;\r\n\r\n`);
  t.strictSame(read, [
    {
      id: "anna.berg",
      name: 'Berg; "Annie"',
      extension: "12345",
      number: "+46850812345",
      functions: ["Handläggare"],
      subjects: ["Bygglov", "Strandskydd"],
      districts: ["Bromma"],
      colleague: "12346",
      group: "bygglov",
      email: "anna@example.org",
    },
    { id: "bo", name: "Bo Ek", extension: "12346", number: "+46850812346", functions: [], subjects: [], districts: [] },
  ]);
});

t.test("commas or tabs between, columns in another order, those that may be are left out", async (t) => {
  for (const sign of [",", "\t"]) {
    const text = [`Number Name EXTENSION id`, `08 Bo 99 bo`].map((line) => line.replaceAll(" ", sign)).join("\n");
    t.match(officers(text.replace("08", "004687654321")), [{ id: "bo", extension: "99", number: "+4687654321" }]);
  }
});

t.test("numbers as they stand on letters and visiting cards", async (t) => {
  for (const number of ["+46 (0)8-508 12 345", "0046 8 508 12 345", "08-508 12 345", "+46-8-508 12 345", "(08) 508 12 345"])
    t.match(officers(`id;name;extension;number\nbo;Bo Ek;12346;${number}`), [{ number: "+46850812345" }], number);
});

t.test("every slip with line, column and mend; nothing is read of a file that has one", async (t) => {
  const two = (line: string) => problems(() => officers(`${head}\n${annaLine}\n${line}`));
  t.match(two(boLine.replace("12346", "12x")), [
    /^line 2, column colleague: Nobody has the extension 12346\. /,
    /^line 3, column extension: "12x" is not right\. Write two to eight digits/,
  ]);
  t.match(two(boLine.replace("+46850812346", "08")), [/^line 3, column number: "08" is not right\. Write a telephone number/]);
  t.match(two(boLine.replace("Bo Ek", " ")), [/^line 3, column name: An empty cell is not right\./]);
  t.match(two(boLine.replace("12346;", "12345;")), [/colleague/, /line 3, column extension: 12345 stands in line 2 already/]);
  t.match(two(`bo;Bo;12346;08-7654321;;;Broma;12346;byglov;x`), [
    /line 3, column email/,
    /line 3, column colleague: Nobody stands in for themselves/,
    /line 3, column group: .* Did you mean bygglov\?/,
    /line 3, column districts: .* Did you mean Bromma\?/,
  ]);
  t.match(two(`${boLine};;more`), [/^line 3: The line has more cells than there are columns/]);
  t.match(
    problems(() => officers("id;nme;extension\n")),
    [
      /column name: The column is missing/,
      /column number: The column is missing/,
      /column nme: There is no such column. Did you mean name\?/,
    ],
  );
  t.match(
    problems(() => officers(`${head}\n`)),
    [/There is nobody in it/],
  );
  t.match(
    problems(() => officers("")),
    [/The file is empty|column/],
  );
  t.match(
    problems(() => officers(`${head}\n"anna;\n`)),
    [/^line \d+: Quote Not Closed/i],
  );
  t.match(
    problems(() => readOfficers(new Uint8Array([0x69, 0x64, 0xe5]), "x", known)),
    [/not in UTF-8.*CSV UTF-8/],
  );
});

t.test("the line told is the file's, also after a cell of several lines", async (t) => {
  const text = `${head}\n${annaLine.replace("Anna Berg", '"Anna\nBerg"')}\n\n${boLine.replace("Bo Ek", "")}\n`;
  t.match(
    problems(() => officers(text)),
    [/^line 5, column name/],
  );
});

t.test("synonyms", async (t) => {
  const text = bytes("district;word;means\nBromma;Byggkontoret;Bygglov\n;gräs;Parkskötsel\n");
  t.ok(isSynonyms(text, "s.csv"));
  t.notOk(isSynonyms(bytes(`${head}\n`), "s.csv"));
  t.strictSame(readSynonyms(text, "s.csv", known.districts), [
    { district: "Bromma", word: "Byggkontoret", means: "Bygglov" },
    { word: "gräs", means: "Parkskötsel" },
  ]);
  const wrong = bytes("district;word;means\nBro;;x\n");
  t.match(
    problems(() => readSynonyms(wrong, "s.csv", known.districts)),
    [/line 2, column word/, /line 2, column district/],
  );
});

t.test("whatever a file holds: officers, or one coded error", async () => {
  const cell = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom("12345", "bo", "+46850812345", '"', ";", "\n", ""),
  );
  const table = fc.array(fc.array(cell, { maxLength: 12 }), { maxLength: 8 });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        table.map((rows) => bytes(`${head}\n${rows.map((row) => row.join(";")).join("\n")}`)),
      ),
      (file) => {
        try {
          readOfficers(file, "any.csv", known);
        } catch (thrown) {
          if (!(thrown instanceof KontaktlotsError && thrown.code === "DIRECTORY_INVALID")) throw thrown;
        }
      },
    ),
    { numRuns: 500 },
  );
});
