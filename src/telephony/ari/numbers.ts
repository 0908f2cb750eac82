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
 * Other numbers a call was meant for, nearest first, of KL_ALSO in `asterisk-config/etc/extensions.conf`: the To header's address, then
 * those who forwarded it, each divided by "/". The latest Diversion is the first (RFC 5806), the latest History-Info the last (RFC
 * 7044). What `dialled` says already is left out.
 */
export function alsoDialled(also: string, dialled: string): string[] {
  const [to = "", diversion = "", history = ""] = also.split("/");
  const all = [...addressed(to).slice(0, 1), ...addressed(diversion), ...addressed(history).reverse()];
  return [...new Set(all)].filter((number) => number !== "" && number !== dialled);
}

/** The numbers of all addresses in a header. */
function addressed(header: string): string[] {
  return [...header.matchAll(/(?:sips?:([^@:>]+)@|tel:([^@:>]+))/g)].map(([, sip, tel]) => sip ?? tel ?? "");
}
