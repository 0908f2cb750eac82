import type { LegCause } from "../../core/events.ts";

/**
 * Q.850 hang-up causes as Asterisk gives them, for what a phone answered (RFC 3398 maps SIP to them; Asterisk's own table
 * is in `chan_pjsip`): 17 busy (486, 600), 21 rejected (403, 603), 18/19 no answer (408, 480), 20 not registered. `sip` is the
 * phone's own answer when Asterisk tells it: a phone that ends its ringing by itself says 487, which as a cause is but "127".
 */
export function legCause(cause: number, sip?: number): LegCause {
  if (sip === 487) return "no-answer";
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
