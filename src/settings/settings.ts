import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import type { TSchema } from "typebox";
import { Value } from "typebox/value";
import { KontaktlotsError } from "../core/errors.ts";
import { allowed, type FlatSettings, settingsSchema } from "./schema.ts";

/** An Asterisk that someone else runs, reached over the network. */
export interface RemoteAsterisk {
  /** "http://host:8088", without a slash at the end. */
  readonly ariUrl: string;
  readonly ariUser: string;
  readonly ariPassword: string;
  readonly amiHost: string;
  readonly amiUser: string;
  readonly amiPassword: string;
}

/** A mail server: "smtp://host:port", or smtps for TLS from the start. */
export interface MailSettings {
  readonly server: string;
  readonly from: string;
  readonly login?: { readonly username: string; readonly password: string };
}

/** A gateway for text messages: where it takes them, and whom they come from. */
export interface SmsSettings {
  readonly url: string;
  readonly from: string;
  readonly username: string;
  readonly password: string;
}

/** The typed settings. Folders are absolute. What each means stands in `schema.ts`. */
export interface Settings {
  readonly http: { readonly host: string; readonly port: number; readonly trustedProxies: readonly string[] };
  readonly planDir: string;
  readonly stateDir: string;
  readonly cacheDir: string;
  readonly asterisk: {
    readonly sipHost: string;
    readonly sipPort: number;
    readonly httpPort: number;
    readonly amiPort: number;
    readonly rtpStart: number;
    readonly rtpEnd: number;
    readonly trunkAddresses: readonly string[];
    readonly trunkContact?: string;
    readonly reservePhones: readonly string[];
    readonly rtpTimeoutS: number;
    readonly binary?: string;
    readonly remote?: RemoteAsterisk;
  };
  /** undefined: no mail is sent. */
  readonly mail?: MailSettings;
  /** undefined: no text message is sent. There is a `pagesUrl` when it is set. */
  readonly sms?: SmsSettings;
  /** Where people reach the pages; no slash at the end. */
  readonly pagesUrl?: string;
  readonly demo: boolean;
  readonly standBy: boolean;
  readonly log: { readonly level: FlatSettings["LOG_LEVEL"]; readonly format: FlatSettings["LOG_FORMAT"] };
}

type Env = Readonly<Record<string, string | undefined>>;
type Name = keyof typeof settingsSchema.properties;

/**
 * Reads the settings: the environment first, then the file `.env` in `cwd`, then the defaults. An empty value counts
 * as not given.
 *
 * @throws SETTING_INVALID naming the setting, its value and what is allowed; also for an unknown name in the file.
 */
export function readSettings(env: Env, cwd: string): Settings {
  const file = readFile(join(cwd, ".env"));
  for (const name of Object.keys(file)) {
    if (!(name in settingsSchema.properties)) {
      throw new KontaktlotsError(
        "SETTING_INVALID",
        `.env sets ${name}, and there is no such setting.`,
        "Correct the name, or take the line out; .env.example lists all settings.",
        { name },
      );
    }
  }
  const flat: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(settingsSchema.properties)) {
    const value = env[name] || file[name];
    if (value) flat[name] = readOne(name, value, schema);
    else if ("default" in schema) flat[name] = schema.default;
  }
  return nested(Value.Parse(settingsSchema, flat), env, cwd);
}

function readFile(path: string): Env {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new KontaktlotsError("SETTING_INVALID", `${path} cannot be read.`, "Correct its permissions, or remove it.", {}, error);
  }
}

function readOne(name: string, value: string, schema: TSchema): unknown {
  const typed = fromText(value.trim(), schema);
  if (Value.Check(schema, typed)) return typed;
  throw invalid(name, value, allowed(schema));
}

/** The text as the type its schema wants; left as it is when it cannot be that, so that the check refuses it. */
function fromText(value: string, schema: TSchema): unknown {
  const type = "type" in schema ? schema.type : undefined;
  if (type === "integer" && /^\d{1,9}$/.test(value)) return Number(value);
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
  if (type !== "array") return value;
  return value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function invalid(name: string, value: string, wanted: string): KontaktlotsError {
  const shown = name.endsWith("_PASSWORD") ? "(not shown)" : JSON.stringify(value);
  return new KontaktlotsError(
    "SETTING_INVALID",
    `The setting ${name} is ${shown}; allowed is ${wanted}.`,
    "Correct it in the environment or in .env, or leave it out for the default.",
    { name },
  );
}

function nested(flat: FlatSettings, env: Env, cwd: string): Settings {
  if (flat.RTP_END < flat.RTP_START + 3) {
    throw invalid("RTP_END", String(flat.RTP_END), `at least RTP_START + 3 (${flat.RTP_START + 3})`);
  }
  const remote = remoteAsterisk(flat);
  const mail = mailOf(flat);
  const sms = smsOf(flat);
  const place = (variable: string, systemWide: string, own: string): string => {
    if (process.getuid?.() === 0) return join(systemWide, "kontaktlots");
    return join(env[variable] || join(env.HOME || homedir(), own), "kontaktlots");
  };
  return {
    http: { host: flat.HOST, port: flat.PORT, trustedProxies: flat.TRUSTED_PROXIES },
    planDir: resolve(cwd, flat.PLAN),
    stateDir: resolve(cwd, flat.STATE_DIR ?? place("XDG_STATE_HOME", "/var/lib", ".local/state")),
    cacheDir: resolve(cwd, flat.CACHE_DIR ?? place("XDG_CACHE_HOME", "/var/cache", ".cache")),
    asterisk: {
      sipHost: flat.SIP_HOST,
      sipPort: flat.SIP_PORT,
      httpPort: flat.ASTERISK_HTTP_PORT,
      amiPort: flat.AMI_PORT,
      rtpStart: flat.RTP_START,
      rtpEnd: flat.RTP_END,
      trunkAddresses: flat.TRUNK_ADDRESSES,
      ...(flat.TRUNK_CONTACT === undefined ? {} : { trunkContact: flat.TRUNK_CONTACT }),
      reservePhones: flat.RESERVE_PHONES,
      rtpTimeoutS: flat.RTP_TIMEOUT_S,
      ...(flat.ASTERISK === undefined ? {} : { binary: resolve(cwd, flat.ASTERISK) }),
      ...(remote === undefined ? {} : { remote }),
    },
    ...(mail === undefined ? {} : { mail }),
    ...(sms === undefined ? {} : { sms }),
    ...(flat.PAGES_URL === undefined ? {} : { pagesUrl: flat.PAGES_URL.replace(/\/+$/, "") }),
    demo: flat.DEMO,
    standBy: flat.STAND_BY,
    log: { level: flat.LOG_LEVEL, format: flat.LOG_FORMAT },
  };
}

function mailOf(flat: FlatSettings): MailSettings | undefined {
  const { MAIL_SERVER: server, MAIL_FROM: from, MAIL_USER: username, MAIL_PASSWORD: password } = flat;
  const [missing] = [
    ...(server === undefined ? ["MAIL_SERVER"] : []),
    ...(from === undefined ? ["MAIL_FROM"] : []),
    ...(username !== undefined && password === undefined ? ["MAIL_PASSWORD"] : []),
    ...(password !== undefined && username === undefined ? ["MAIL_USER"] : []),
  ];
  if (server === undefined && from === undefined && username === undefined && password === undefined) return undefined;
  if (missing === undefined && server !== undefined && from !== undefined) {
    const login = username === undefined || password === undefined ? {} : { login: { username, password } };
    return { server: server.replace(/\/$/, ""), from, ...login };
  }
  throw new KontaktlotsError(
    "SETTING_INVALID",
    `The setting ${missing} is missing.`,
    "Mail needs MAIL_SERVER and MAIL_FROM, and MAIL_USER and MAIL_PASSWORD both or neither; leave all of them out to send none.",
    { name: missing },
  );
}

function smsOf(flat: FlatSettings): SmsSettings | undefined {
  const { SMS_URL: url, SMS_USER: username, SMS_PASSWORD: password, SMS_FROM: from, PAGES_URL: pagesUrl } = flat;
  if (url && username && password && from && pagesUrl) return { url, from, username, password };
  if (!(url || username || password || from)) return undefined;
  const needed = ["SMS_URL", "SMS_USER", "SMS_PASSWORD", "SMS_FROM", "PAGES_URL"] as const;
  const missing = needed.find((name) => flat[name] === undefined);
  throw new KontaktlotsError(
    "SETTING_INVALID",
    `The setting ${missing} is missing.`,
    `Text messages need ${needed.join(", ")}; leave the first four out to send none.`,
    { name: missing },
  );
}

/** ARI_URL stands for "use that one": then its log-ins must be there too, and without it they mean nothing. */
function remoteAsterisk(flat: FlatSettings): RemoteAsterisk | undefined {
  const logins: readonly Name[] = ["ARI_USER", "ARI_PASSWORD", "AMI_USER", "AMI_PASSWORD"];
  const { ARI_URL: url, ARI_USER: ariUser, ARI_PASSWORD: ariPassword, AMI_USER: amiUser, AMI_PASSWORD: amiPassword } = flat;
  if (url && ariUser && ariPassword && amiUser && amiPassword) {
    const { origin, hostname } = new URL(url);
    return { ariUrl: origin, ariUser, ariPassword, amiHost: flat.AMI_HOST ?? hostname, amiUser, amiPassword };
  }
  const [missing] = url ? logins.filter((name) => flat[name] === undefined) : ["ARI_URL"];
  if (url || logins.some((name) => flat[name] !== undefined) || flat.AMI_HOST !== undefined) {
    throw new KontaktlotsError(
      "SETTING_INVALID",
      `The setting ${missing} is missing.`,
      "An Asterisk of your own needs ARI_URL, ARI_USER, ARI_PASSWORD, AMI_USER and AMI_PASSWORD; leave all of them out to have one started.",
      { name: missing },
    );
  }
  return undefined;
}
