import type { PhoneNumber } from "../plan/plan.ts";

/**
 * Which numbers the city rings for a citizen: Swedish geographic and mobile ones, and Nordic mobiles when the city says so. Never
 * emergency and other short numbers (they have no leading 0, and so are no national numbers here), never what costs more, never
 * other countries.
 *
 * After the Swedish numbering plan for telephony (PTS): a national significant number has 7 to 9 digits; mobiles are 070, 072, 073,
 * 076 and 079 with seven digits more; 08 and the areas 01–06 and 09 are geographic, 010 is like them but for having no place.
 */

const mobile = /^7[02369]\d{7}$/;
const geographic = /^(?:8\d{6,8}|[1-69]\d{6,8})$/;
/** 020: free for the caller, cannot be rung back; 0900, 0939, 0944 and 099: cost more. */
const never = /^(?:20|900|939|944|99)/;
/** Mobiles of Denmark, Norway, Finland and Iceland after the country's code. */
const nordicMobiles: readonly RegExp[] = [
  /^45(?:2\d|3[01]|4[0-2]|5[0-3]|6[01]|71|81|9[1-3])\d{6}$/,
  /^47[49]\d{7}$/,
  /^358(?:4\d|50)\d{6,8}$/,
  /^354[678]\d{6}$/,
];

/**
 * A number as it was keyed in, or as the network told it (`0701740605`, `0046701740605`, `+46701740605`), as E.164; undefined when
 * it is none that may be rung.
 */
export function allowedNumber(keyed: string, rules: { readonly nordicMobiles: boolean }): PhoneNumber | undefined {
  const plain = keyed.replace(/[\s()-]/g, "");
  const international = /^(?:\+|00)([1-9]\d{6,14})$/.exec(plain)?.[1];
  const national = (international === undefined ? /^0([1-9]\d+)$/.exec(plain) : /^46([1-9]\d+)$/.exec(international))?.[1];
  if (national !== undefined) return isSwedish(national) ? `+46${national}` : undefined;
  if (international === undefined || !rules.nordicMobiles) return undefined;
  return nordicMobiles.some((form) => form.test(international)) ? `+${international}` : undefined;
}

function isSwedish(national: string): boolean {
  return !never.test(national) && (mobile.test(national) || geographic.test(national));
}
