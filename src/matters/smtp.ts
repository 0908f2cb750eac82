import { createTransport } from "nodemailer";
import { KontaktlotsError } from "../core/errors.ts";
import type { MailSettings } from "../settings/settings.ts";
import type { Mail, Post } from "./post.ts";

/** How long a mail server may take for each step, ms. */
const patienceMs = 15_000;

/** Letters by SMTP (RFC 5321), one connection each. */
export function openSmtp({ server, from, login }: MailSettings): Post {
  const transport = createTransport({
    url: server,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(login ? { auth: { user: login.username, pass: login.password } } : {}),
  });
  return {
    async send({ to, subject, text, id }: Mail): Promise<void> {
      try {
        const messageId = `<${id}@${from.split("@").at(-1)}>`;
        const headers = { "Auto-Submitted": "auto-generated" };
        await transport.sendMail({ from, to: { name: "", address: to }, subject, text, messageId, headers });
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        throw new KontaktlotsError(
          "MAIL_FAILED",
          `The mail server ${server} did not take a letter: ${what}.`,
          "It is tried again by itself; look at MAIL_SERVER, and at the receiver's address.",
          { server },
          error,
        );
      }
    },
    close: () => transport.close(),
  };
}
