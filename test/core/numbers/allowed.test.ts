import fc from "fast-check";
import t from "tap";
import { allowed, asE164 } from "../../../src/core/numbers/allowed.ts";

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
  ];
  for (const [typed, number] of forms) t.equal(allowed(typed, sweden), number, typed);
});

t.test("what may not", async (t) => {
  const refused = [
    ...["", "112", "0112", "+46112", "11414", "1177", "116117", "118118", "+46118118", "0118118", "90000", "90510", "000000"],
    ...["0900-1234567", "0900123456", "+469001234567", "0939-123456", "0944-123456", "+46944123456", "099-123456", "0771-567567"],
    ...["020-123456", "010-1234567", "0719123456", "0740123456", "0701", "07017406051", "08-12", "08-0123456", "0812345678901"],
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
      if (/^\+46(900|939|944|99|77|20|10|71|74|1?$)/.test(number)) throw new Error(`${number} is no ordinary number`);
      if (allowed(number, { nordicMobiles }) !== number) throw new Error(`${number} is not the same read again`);
    }),
    { numRuns: 20_000 },
  );
});
