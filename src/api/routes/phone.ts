import type { PhoneReply } from "../contract.ts";

/** What a browser phone registers with. */
export function phone(user: string, domain: string, password: string): PhoneReply {
  return { user, domain, password, path: "/ws" };
}
