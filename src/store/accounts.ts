/** Accounts, for whoever needs them: the port, and the adapter behind it. */
export type * from "./account-port.ts";
export { roles } from "./account-port.ts";
export { openAccounts } from "./sqlite/accounts.ts";
