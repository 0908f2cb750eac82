import type { PhoneReply } from "../contract.ts";

/** What a browser phone registers with. Asterisk looks at the user alone, so the domain is only a name. */
export function phone(user: string, password: string): PhoneReply {
  return { user, domain: "kontaktlots", password, path: "/ws" };
}
