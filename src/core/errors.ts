/**
 * The catalogue of coded errors. A code never changes its meaning; the message says what happened,
 * the mend says what to do about it.
 */
export const errorCodes = [
  "SETTING_INVALID",
  "PORT_TAKEN",
  "ASTERISK_MISSING",
  "ASTERISK_TOO_OLD",
  "ASTERISK_START_FAILED",
  "ASTERISK_UNREACHABLE",
  "ARI_WRONG_PASSWORD",
  "ARI_TIMEOUT",
  "ARI_REFUSED",
  "ARI_LINK_LOST",
  "ARI_REPLACED",
  "ARI_BAD_FRAME",
  "AMI_BAD_VALUE",
  "AMI_TIMEOUT",
  "AMI_REFUSED",
  "PLAN_INVALID",
  "PLAN_MISSING",
  "DIRECTORY_INVALID",
  "SCENARIO_INVALID",
  "SCENARIO_MISSING",
  "GROUP_UNSERVED",
  "LADDER_UNREACHED",
  "LANGUAGE_UNSPOKEN",
  "PROMPT_FAILED",
  "STORE_FAILED",
  "STORE_FULL",
  "STORE_LOCKED",
  "ENGINE_AWAY",
  "ENGINE_STALLED",
  "RECORDING_BROKEN",
  "MAIL_FAILED",
  "SMS_UNSET",
  "SMS_FAILED",
  "SMS_REFUSED",
  "EVENT_INVALID",
  "COMMAND_INVALID",
  "COMMAND_REFUSED",
  "ANNOUNCEMENTS_FULL",
  "PIN_LOCKED",
  "AGENT_UNKNOWN",
  "AGENT_SECOND_TAB",
  "LOGIN_FAILED",
  "LOGIN_NEEDED",
  "ROLE_NEEDED",
  "REQUEST_INVALID",
  "NOT_FOUND",
  "TOO_MANY_REQUESTS",
  "INTERNAL",
  // Found in the browser only.
  "LINE_LOST",
  "MICROPHONE_REFUSED",
  "MICROPHONE_MISSING",
  "MICROPHONE_BUSY",
  "PHONE_REFUSED",
  "CALL_FAILED",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An error with a stable code, what happened, and what to do. `details` is data for the log, never secrets. */
export class KontaktlotsError extends Error {
  readonly code: ErrorCode;
  readonly mend: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, mend: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "KontaktlotsError";
    this.code = code;
    this.mend = mend;
    this.details = details;
  }

  /** One line for people: code, what happened, what to do. */
  get line(): string {
    return `${this.code}: ${this.message} ${this.mend}`;
  }
}

/** Any thrown value as a KontaktlotsError; what has no code yet becomes INTERNAL. */
export function asKontaktlotsError(thrown: unknown): KontaktlotsError {
  if (thrown instanceof KontaktlotsError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new KontaktlotsError("INTERNAL", message, "Report this with the log around it.", {}, thrown);
}
