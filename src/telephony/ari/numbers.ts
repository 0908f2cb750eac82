import type { PhoneNumber } from "../../core/plan/plan.ts";

/** Numbers as the network writes them. */

/**
 * The caller's number as E.164, or null when it is withheld or none: a withheld number must not even reach the core.
 * National numbers are Sweden's.
 */
export function callerNumber(number: string, presentation: string | undefined): PhoneNumber | null {
  if (presentation !== "allowed") return null;
  const digits = number.replace(/[\s()-]/g, "");
  if (/^\+[1-9]\d{5,14}$/.test(digits)) return digits;
  if (/^00[1-9]\d{5,14}$/.test(digits)) return `+${digits.slice(2)}`;
  return /^0[1-9]\d{4,11}$/.test(digits) ? `+46${digits.slice(1)}` : null;
}

/**
 * Other numbers a call was meant for, of KL_ALSO in `asterisk-config/etc/extensions.conf`: the To header's address, whoever
 * forwarded it last and whom it was for at first, divided by "/". What `dialled` says already is left out.
 */
export function alsoDialled(also: string, dialled: string): string[] {
  const [to = "", ...forwarded] = also.split("/");
  const named = /(?:sips?:([^@:]+)@|tel:([^@:]+))/.exec(to);
  const all = [named?.[1] ?? named?.[2] ?? "", ...forwarded];
  return [...new Set(all)].filter((number) => number !== "" && number !== dialled);
}
