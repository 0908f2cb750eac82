import { readFileSync } from "node:fs";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { KontaktlotsError } from "../core/errors.ts";

const login = { username: Type.String(), password: Type.String() };

/**
 * What the supervisor found out and made at start, for the engine and the front: a file of mode 0600 in the state folder,
 * whose path is their one argument.
 */
const runtimeSchema = Type.Object({
  planDir: Type.String(),
  /** Folder of the log, the accounts and the sockets. */
  stateDir: Type.String(),
  cacheDir: Type.String(),
  /** Folder of spoken prompts, readable for Asterisk. */
  soundsDir: Type.String(),
  /** Folder in which Asterisk puts what it recorded, as WAV files named by `recordingId`. */
  recordingsDir: Type.String(),
  /** Programs that make prompts. */
  soundTools: Type.Object({ espeakNg: Type.String(), sox: Type.String() }),
  app: Type.String(),
  ari: Type.Object({ url: Type.String(), ...login }),
  ami: Type.Object({ host: Type.String(), port: Type.Integer(), ...login }),
  /** SIP domain the browser phones register with. */
  sipDomain: Type.String(),
  http: Type.Object({ host: Type.String(), port: Type.Integer(), trustedProxies: Type.Array(Type.String()) }),
  demo: Type.Optional(Type.Object({ citizenSecret: Type.String() })),
  log: Type.Object({ level: Type.String(), format: Type.Union([Type.Literal("json"), Type.Literal("text")]) }),
});
export type Runtime = Type.Static<typeof runtimeSchema>;

/** Names of what lies in the state folder. */
export const stateFiles = {
  log: "log.sqlite",
  accounts: "accounts.sqlite",
  engineSocket: "engine.sock",
  demo: "demo-logins.json",
  runtime: "runtime.json",
  /** What the processes log, as JSON lines, when LOG_FORMAT is text. */
  lines: "kontaktlots.log",
} as const;

/** Reads the file the supervisor wrote. Errors: SETTING_INVALID. */
export function readRuntime(path: string | undefined): Runtime {
  let cause: unknown;
  try {
    const value: unknown = path === undefined ? undefined : JSON.parse(readFileSync(path, "utf8"));
    if (Value.Check(runtimeSchema, value)) return value;
  } catch (error) {
    cause = error;
  }
  throw new KontaktlotsError(
    "SETTING_INVALID",
    "This process got no runtime file it understands.",
    "Start the system with `npm start`.",
    { path },
    cause,
  );
}
