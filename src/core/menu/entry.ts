import type { EntryNumber, Plan } from "../plan/plan.ts";

/**
 * The entry of the first number that the plan knows: the one dialled, then those the call was meant for besides. One that knows
 * none rings the first, the city's common number: better the wrong greeting than no answer.
 */
export function entryFor(plan: Plan, dialled: string, also: readonly string[] = []): EntryNumber {
  for (const number of [dialled, ...also]) {
    const known = knownEntry(plan, number);
    if (known) return known;
  }
  return plan.numbers[0];
}

/**
 * The entry a dialled number rings. Trunks write the same number in many ways, so E.164 (`+46846500400`), the same without
 * its plus or with 00 before it, and the national form (`0846500400`) all match, spaces and hyphens aside; aliases too.
 */
export function knownEntry(plan: Plan, dialled: string): EntryNumber | undefined {
  const digits = dialled.replace(/\D/g, "");
  const matches = (same: (number: string, dialled: string) => boolean) =>
    plan.numbers.find((entry) => [entry.number, ...entry.aliases].some((number) => same(number.replace(/\D/g, ""), digits)));
  return matches(isInternational) ?? matches(isNational);
}

function isInternational(number: string, dialled: string): boolean {
  return dialled === number || dialled === `00${number}`;
}

/** National form: one 0 instead of the country code, which has one to three digits (ITU-T E.164, 6.2.1). */
function isNational(number: string, dialled: string): boolean {
  if (!/^0[1-9]\d{4,}$/.test(dialled)) return false;
  const significant = dialled.slice(1);
  const countryDigits = number.length - significant.length;
  return countryDigits >= 1 && countryDigits <= 3 && number.endsWith(significant);
}
