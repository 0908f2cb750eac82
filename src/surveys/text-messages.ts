import type { PhoneNumber } from "../core/plan/plan.ts";

/** What carries text messages: the port. */
export interface TextMessages {
  /**
   * Resolves when the gateway has taken it. Errors: SMS_FAILED when it surely did not, and may later; SMS_REFUSED when it never will,
   * or nobody knows whether it did.
   */
  send(to: PhoneNumber, text: string): Promise<void>;
}
