import type { LegCause } from "../../core/events.ts";

/**
 * Q.850 hang-up causes as Asterisk gives them, for what a phone answered (RFC 3398 maps SIP to them; Asterisk's own table
 * is in `res_pjsip`): 17 busy (486, 600), 21 rejected (403, 603), 18/19 no answer (408, 480), 20 not registered.
 */
export function legCause(cause: number): LegCause {
  switch (cause) {
    case 16:
    case 31:
      return "normal";
    case 17:
      return "busy";
    case 21:
      return "declined";
    case 18:
    case 19:
      return "no-answer";
    case 20:
    case 22:
      return "unavailable";
    default:
      return "failed";
  }
}
