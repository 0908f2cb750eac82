import { isIP } from "node:net";
import Type, { type Static, type TSchema } from "typebox";

/**
 * Every setting under its name in the environment. The description is what `.env.example` says about it; a setting
 * without a default may be left out. A new setting is added here and in `settings.ts`, nowhere else.
 */

const port = (description: string, value: number) => Type.Integer({ minimum: 1, maximum: 65535, default: value, description });
const text = (description: string) => Type.String({ minLength: 1, pattern: oneLine, description });
/** No line breaks: values end up in Asterisk's files and in AMI lines, where a break starts something new. */
const oneLine = "^[^\\r\\n\\0]*$";

const address = Type.Refine(
  Type.String(),
  (value) => {
    const [host = "", bits, ...rest] = value.split("/");
    const family = isIP(host);
    if (family === 0 || rest.length > 0) return false;
    return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
  },
  () => "must be an IP address",
);
const phone = Type.String({ pattern: "^\\+?[A-Za-z0-9_.-]+$", maxLength: 64 });

export const settingsSchema = Type.Object({
  PORT: port("Port of the pages.", 8080),
  HOST: Type.String({
    pattern: "^[A-Za-z0-9.:-]+$",
    allowed: "an IP address or host name",
    default: "127.0.0.1",
    description: "Address the pages listen on. Others than loopback need HTTPS in front, or browsers refuse the microphone.",
  }),
  TRUSTED_PROXIES: Type.Array(address, {
    allowed: "IP addresses or networks, comma between",
    default: [],
    description: "Addresses of reverse proxies in front, whose X-Forwarded-… headers are believed.",
  }),
  PLAN: Type.String({
    minLength: 1,
    pattern: oneLine,
    default: "dialplans/stockholm",
    description: "Folder of the plan: numbers, menus, groups, prompts.",
  }),
  STATE_DIR: Type.Optional(
    text(
      "Folder of what must be kept: log, accounts, secrets. Default: /var/lib/kontaktlots for root, else $XDG_STATE_HOME/kontaktlots or ~/.local/state/kontaktlots.",
    ),
  ),
  CACHE_DIR: Type.Optional(
    text(
      "Folder of what can be made again: Asterisk, spoken prompts. Default: /var/cache/kontaktlots for root, else $XDG_CACHE_HOME/kontaktlots or ~/.cache/kontaktlots.",
    ),
  ),
  SIP_PORT: port("Port of SIP: trunk and desk phones.", 5060),
  ASTERISK_HTTP_PORT: port("Port of Asterisk's HTTP server (ARI, SIP over WebSocket), on loopback only.", 8088),
  AMI_PORT: port("Port of Asterisk's manager interface.", 5038),
  RTP_START: port("First port of sound.", 10000),
  RTP_END: port("Last port of sound. A caller takes two, and two more in talk: 800 callers at once.", 11999),
  SIP_HOST: Type.Refine(
    Type.String({
      allowed: "an IP address",
      default: "127.0.0.1",
      description: "Address SIP and sound listen on: the machine's own towards the telephone network and the desk phones.",
    }),
    (value) => isIP(value) !== 0,
    () => "must be an IP address",
  ),
  TRUNK_ADDRESSES: Type.Array(address, {
    minItems: 1,
    allowed: "IP addresses or networks, comma between, at least one",
    default: ["127.0.0.2"],
    description: "Where the telephone network calls from; from other addresses no call is taken.",
  }),
  TRUNK_CONTACT: Type.Optional(
    Type.String({
      pattern: "^sips?:[A-Za-z0-9.:[\\]-]+$",
      allowed: "sip:host or sip:host:port",
      description: "Where calls into the telephone network go. Default: the first of TRUNK_ADDRESSES.",
    }),
  ),
  RESERVE_PHONES: Type.Array(phone, {
    allowed: "names of desk phones, or numbers over the trunk, comma between",
    default: [],
    description: "Phones that ring when the engine is away.",
  }),
  RTP_TIMEOUT_S: Type.Integer({
    minimum: 0,
    maximum: 3600,
    default: 30,
    description: "Seconds without sound from one side after which a call is ended; 0: never.",
  }),
  MAIL_SERVER: Type.Optional(
    Type.String({
      pattern: "^smtps?://[^/?#@\\s]+/?$",
      allowed: "smtp:// or smtps://, host, and port if it is another than 25 or 465",
      description: "Mail server by which owners of matters are written to. Left out: no mail is sent.",
    }),
  ),
  MAIL_FROM: Type.Optional(
    Type.String({
      pattern: "^[^\\s@<>,;]+@[^\\s@<>,;]+$",
      allowed: "an e-mail address",
      description: "The sender of that mail; needed with MAIL_SERVER.",
    }),
  ),
  MAIL_USER: Type.Optional(text("User at the mail server, when it asks for one.")),
  MAIL_PASSWORD: Type.Optional(text("Password at the mail server.")),
  SMS_URL: Type.Optional(
    Type.String({
      pattern: "^https?://[^\\s@]+$",
      allowed: "http:// or https://, and the address at which the gateway takes messages, as https://api.46elks.com/a1/sms",
      description:
        "Gateway for text messages (a form with from, to and message, Basic authentication), for surveys that say by: sms. Left out: they are answered by key.",
    }),
  ),
  SMS_USER: Type.Optional(text("User at that gateway; needed with SMS_URL, as are the next two and PAGES_URL.")),
  SMS_PASSWORD: Type.Optional(text("Password at that gateway.")),
  SMS_FROM: Type.Optional(
    Type.String({
      pattern: "^(\\+[1-9]\\d{6,14}|[A-Za-z][A-Za-z0-9]{2,10})$",
      allowed: "3 to 11 letters and digits, a letter first, or a number with + and country code",
      description: "The sender of text messages, as people see it.",
    }),
  ),
  PAGES_URL: Type.Optional(
    Type.String({
      pattern: "^https?://[^\\s]+$",
      allowed: "http:// or https://, and where people reach the pages",
      description: "Address of the pages as people reach them, for links in mail and text messages.",
    }),
  ),
  ASTERISK: Type.Optional(text("Path of an Asterisk (20 or newer) to run instead of the one found or fetched.")),
  ARI_URL: Type.Optional(
    Type.String({
      pattern: "^https?://[^/?#\\s]+/?$",
      allowed: "http:// or https://, host and port, no path",
      description: "An Asterisk that is already running: its HTTP server, http://host:8088. Then none is started.",
    }),
  ),
  ARI_USER: Type.Optional(text("ARI user of that Asterisk.")),
  ARI_PASSWORD: Type.Optional(text("ARI password of that Asterisk.")),
  AMI_HOST: Type.Optional(text("Host of its manager interface; the port is AMI_PORT. Default: the host of ARI_URL.")),
  AMI_USER: Type.Optional(text("AMI user of that Asterisk.")),
  AMI_PASSWORD: Type.Optional(text("AMI password of that Asterisk.")),
  STAND_BY: Type.Boolean({
    default: true,
    description: "A second engine, loaded and waiting, takes over from one that ends or freezes; it holds about 80 MB.",
  }),
  DEMO: Type.Boolean({
    default: true,
    description:
      "Demo log-ins, the citizen's demo phone, and no opening hours. Set to false before real callers come: that removes them.",
  }),
  LOG_LEVEL: Type.Enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
    default: "info",
    description: "How much is logged.",
  }),
  LOG_FORMAT: Type.Enum(["text", "json"], {
    default: "text",
    description:
      "text: problems as short text on the terminal, and everything in kontaktlots.log in the state folder. json: everything as JSON lines on standard output, for containers.",
  }),
});

/** The settings as they stand in the environment, each of its own type. */
export type FlatSettings = Static<typeof settingsSchema>;

/** What a setting may be, in words: for error messages and `.env.example`. */
export function allowed(schema: TSchema): string {
  if ("allowed" in schema) return String(schema.allowed);
  if ("enum" in schema && Array.isArray(schema.enum)) return `one of ${schema.enum.join(", ")}`;
  if ("type" in schema && schema.type === "boolean") return "true or false";
  if ("minimum" in schema && "maximum" in schema) return `a whole number from ${schema.minimum} to ${schema.maximum}`;
  return "text on one line";
}
