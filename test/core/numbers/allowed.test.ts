import fc from "fast-check";
import t from "tap";
import { allowed, asE164, dialable, mobile } from "../../../src/core/numbers/allowed.ts";

const sweden = { nordicMobiles: false };
const nordic = { nordicMobiles: true };

t.test("what may be rung, however it is written", async (t) => {
  const forms: readonly [typed: string, number: string][] = [
    ["0701740605", "+46701740605"],
    ["070-174 06 05", "+46701740605"],
    ["+46 (70) 174 06 05", "+46701740605"],
    ["0046701740605", "+46701740605"],
    ["08-508 00 000", "+46850800000"],
    ["011-23 45 67", "+4611234567"],
    ["090-12 34 56", "+4690123456"],
    ["0498-26 90 00", "+46498269000"],
    ["010-123 45 67", "+46101234567"],
    ["018-12 34 56", "+4618123456"],
  ];
  for (const [typed, number] of forms) t.equal(allowed(typed, sweden), number, typed);
});

t.test("mobiles, to which a text message may go", async (t) => {
  t.equal(mobile("070-174 06 05", sweden), "+46701740605");
  t.equal(mobile("+4790123456", nordic), "+4790123456");
  for (const other of ["08-508 00 000", "010-123 45 67", "+4790123456", "0900-1234567", "112"])
    t.equal(mobile(other, sweden), undefined, other);
});

t.test("what may not", async (t) => {
  const refused = [
    ...["", "112", "0112", "+46112", "11414", "1177", "116117", "118118", "+46118118", "0118118", "90000", "90510", "000000"],
    ...["0900-1234567", "0900123456", "+469001234567", "0939-123456", "0944-123456", "+46944123456", "099-123456", "0771-567567"],
    ...[
      "020-123456",
      "010-0123456",
      "010-123456",
      "0649-123456",
      "0719123456",
      "0751234567",
      "0781234567",
      "0740123456",
      "018-12345",
      "054-12345",
      "0519-123456",
      "0615-123456",
      "0701",
      "07017406051",
      "08-12",
      "08-0123456",
      "0812345678901",
    ],
    ...[
      "+1 202 555 0100",
      "+4930123456",
      "+881612345678",
      "+46",
      "+",
      "+0701740605",
      "0701740605x",
      "07*1740605",
      "sip:x@y",
      "０７０１７４０６０５",
    ],
  ];
  for (const typed of refused) for (const where of [sweden, nordic]) t.equal(allowed(typed, where), undefined, typed);
});

t.test(
  "a number that the city has set may be one that only takes calls; nothing dear, short or abroad is any nearer",
  async (t) => {
    for (const typed of ["020-12 34 56", "020-1234", "0771-567 567", "010-1234567", "0701740605"])
      for (const where of [sweden, nordic]) t.equal(dialable(typed, where), asE164(typed), typed);
    for (const typed of [
      "112",
      "020-123",
      "020-12345678",
      "0779-123456",
      "0771-5675678",
      "0900-1234567",
      "0939-123456",
      "118118",
      "11414",
    ])
      for (const where of [sweden, nordic]) t.equal(dialable(typed, where), undefined, typed);
    t.equal(dialable("+4520123456", sweden), undefined);
    t.equal(dialable("+4520123456", nordic), "+4520123456");
  },
);

/** From libphonenumber's metadata of Sweden (fixed lines), written another way: what both say is worth more than either. */
const fixedLines = new RegExp(
  [
    "^(?:(?:[12][136]|3[356]|4[0246]|6[03]|8\\d)\\d|90[1-9])\\d{4,6}$",
    "^(?:1(?:2[0-35]|4[0-4]|5[0-25-9]|7[13-6]|[89]\\d)|2(?:2[0-7]|4[0136-8]|5[0138]|7[018]|8[01]|9[0-57]))\\d{5,6}$",
    "^(?:3(?:0[0-4]|1\\d|2[0-25]|4[056]|7[0-2]|8[0-3]|9[023])|4(?:1[013-8]|3[0135]|5[14-79]|7[0-246-9]|8[0156]|9[0-689]))\\d{5,6}$",
    "^(?:5(?:0[0-6]|[15][0-5]|2[0-68]|3[0-4]|4\\d|6[03-5]|7[013]|8[0-79]|9[01])|6(?:1[1-3]|2[0-4]|4[02-57]|5[0-37]))\\d{5,6}$",
    "^(?:6(?:6[0-3]|7[0-2]|8[0247]|9[0-356])|9(?:1[0-68]|2\\d|3[02-5]|4[0-3]|5[0-4]|[68][01]|7[0135-8]))\\d{5,6}$",
  ].join("|"),
);

t.test("every area code and every length, as PTS's plan has them: 264 codes", async (t) => {
  const short = "8 11 13 16 18 19 21 23 26 31 33 35 36 40 42 44 46 54 60 63 90".split(" ");
  const long = new Set<string>();
  for (let begin = 110; begin < 1_000; begin++) {
    const start = String(begin);
    // Mobiles; and 0 as the first digit of a subscriber's number, which only the other one takes.
    if (start.startsWith("7") || short.some((code) => start.startsWith(`${code}0`))) continue;
    for (let length = 5; length <= 11; length++) {
      const number = `${start}${"2".repeat(length - 3)}`;
      const is = allowed(`+46${number}`, sweden) !== undefined;
      if (is !== fixedLines.test(number)) t.fail(`${number} is a number to only one of the two`);
      if (is && !short.some((code) => start.startsWith(code))) long.add(start);
    }
  }
  t.equal(short.length + long.size, 264);
});

t.test("Nordic mobiles, when the city says so", async (t) => {
  for (const typed of ["+4520123456", "+4791234567", "+358401234567", "00358 50 1234567", "+3546123456"]) {
    t.equal(allowed(typed, sweden), undefined);
    t.equal(allowed(typed, nordic), asE164(typed), typed);
  }
  for (const typed of [
    "+4590123456",
    "+4533123456",
    "+4782012345",
    "+358600123456",
    "+358912345678",
    "+3545551234",
    "+354900123",
  ])
    t.equal(allowed(typed, nordic), undefined, `${typed} is no mobile`);
});

/** Digits as a person may key them, from those that matter most. */
const keyed = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength: 16 }),
  fc
    .tuple(
      fc.constantFrom("", "0", "00", "0046", "+46", "+", "+45", "+358", "0900", "0939", "0944", "0118", "112", "0112", "099"),
      fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength: 12 }),
    )
    .map(([before, rest]) => before + rest),
  fc.string(),
);

t.test("whatever is keyed: an ordinary number of seven digits or more, rung as E.164, or nothing", async () => {
  fc.assert(
    fc.property(keyed, fc.boolean(), (typed, nordicMobiles) => {
      const number = allowed(typed, { nordicMobiles });
      if (number === undefined) return;
      if (!/^\+(46\d{7,9}|45\d{8}|47\d{8}|358\d{8,10}|354\d{7})$/.test(number)) throw new Error(`${typed} rings ${number}`);
      if (!nordicMobiles && !number.startsWith("+46")) throw new Error(`${number} is abroad`);
      if (/^\+46(900|939|944|99|77|20|649|100|109|71|74|1?$)/.test(number)) throw new Error(`${number} is no ordinary number`);
      if (allowed(number, { nordicMobiles }) !== number) throw new Error(`${number} is not the same read again`);
    }),
    { numRuns: 20_000 },
  );
});
