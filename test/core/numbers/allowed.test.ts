import t from "tap";
import { allowedNumber } from "../../../src/core/numbers/allowed.ts";

const swedish = { nordicMobiles: false };
const nordic = { nordicMobiles: true };

t.test("Swedish numbers, however they are written", async (t) => {
  const forms = [
    ["0701740605", "+46701740605"],
    ["0046701740605", "+46701740605"],
    ["+46701740605", "+46701740605"],
    ["+46 (70) 174 06-05", "+46701740605"],
    ["0846500400", "+46846500400"],
    ["08465004", "+468465004"],
    ["0112345678", "+46112345678"], // Norrköping, not 112
    ["090123456", "+4690123456"], // Umeå, not 0900
    ["0104567890", "+46104567890"],
    ["0980123456", "+46980123456"], // Kiruna
  ] as const;
  for (const [keyed, number] of forms) t.equal(allowedNumber(String(keyed), swedish), number, String(keyed));
});

t.test("never short numbers, what costs more, what does not exist, other countries, nonsense", async (t) => {
  const refused = [
    "112",
    "0112",
    "00112",
    "+46112",
    "11414",
    "118118",
    "1177",
    "0900123456",
    "09001234",
    "0939123456",
    "0944123456",
    "0991234567",
    "+46900123456",
    "0046939123456",
    "020123456",
    "0771234567",
    "0740123456",
    "0751234567",
    "070174060",
    "07017406055",
    "0812345",
    "08123456789",
    "+4930123456",
    "+15005550006",
    "+358401234567",
    "+4612345678901",
    "",
    "0",
    "0".repeat(3_000),
    "7".repeat(3_000),
    "07017406O5",
    "+46+46701740605",
  ];
  for (const keyed of refused) t.equal(allowedNumber(keyed, swedish), undefined, keyed.slice(0, 20));
});

t.test("Nordic mobiles when the city says so, and nothing else there", async (t) => {
  for (const number of ["+4520123456", "+4741234567", "+4791234567", "+358401234567", "+358501234567", "+3546123456"]) {
    t.equal(allowedNumber(number, nordic), number);
    t.equal(allowedNumber(`00${number.slice(1)}`, nordic), number);
    t.equal(allowedNumber(number, swedish), undefined);
  }
  for (const number of [
    "+4590123456",
    "+4721234567",
    "+35891234567",
    "+358600123456",
    "+3545123456",
    "+4930123456",
    "+46900123456",
  ])
    t.equal(allowedNumber(number, nordic), undefined, number);
});
