import { KontaktlotsError } from "../core/errors.ts";
import type { SmsSettings } from "../settings/settings.ts";
import type { TextMessages } from "./text-messages.ts";

/** How long a gateway may take, ms. */
const usualPatienceMs = 15_000;
/** What fails before anything has been said to the gateway (Node's and undici's codes). */
const neverReached = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const forAllWeKnow = "This message is not tried again, for it may have gone out; look whether the gateway is well.";
const wrong = "This message is not tried again; look at SMS_URL, SMS_USER, SMS_PASSWORD and SMS_FROM.";

/**
 * Text messages by HTTP: a form with `from`, `to` (E.164) and `message`, posted with Basic authentication (RFC 7617); any 2xx is a yes.
 * As the gateway 46elks documents it (46elks.se/docs, "Send an SMS"); others take the same.
 */
export function openHttpGateway({ url, from, username, password }: SmsSettings, patienceMs = usualPatienceMs): TextMessages {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  return {
    async send(to, text) {
      let reply: Response;
      try {
        const body = new URLSearchParams({ from, to, message: text });
        // Led elsewhere, it would hand the log-in and the caller's number to whoever is there.
        const how = { method: "POST", redirect: "manual", signal: AbortSignal.timeout(patienceMs) } as const;
        reply = await fetch(url, { ...how, headers: { authorization }, body });
        await reply.body?.cancel();
      } catch (error) {
        throw neverReached.has(codeOf(error)) ? notYet("cannot be reached", error) : never("did not answer", forAllWeKnow, error);
      }
      if (reply.ok) return;
      const said = `answered with status ${reply.status}`;
      throw reply.status >= 500 || reply.status === 429 ? notYet(said) : never(said, wrong);
    },
  };

  function notYet(what: string, cause?: unknown): KontaktlotsError {
    const mend = "It is tried again by itself, a few times; look at SMS_URL, and whether the gateway is well.";
    return new KontaktlotsError("SMS_FAILED", `The gateway for text messages ${what}.`, mend, { url }, cause);
  }

  function never(what: string, mend: string, cause?: unknown): KontaktlotsError {
    return new KontaktlotsError("SMS_REFUSED", `The gateway for text messages ${what}.`, mend, { url }, cause);
  }
}

/** The system's code of a failed fetch, which stands in its cause. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
