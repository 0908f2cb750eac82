import { readFileSync } from "node:fs";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { KontaktlotsError } from "../core/errors.ts";
import type { Plan } from "../core/plan/plan.ts";

const login = { username: Type.String(), password: Type.String() };

/**
 * What the supervisor found out and made at start, for the engine and the front: a file of mode 0600 in the state folder,
 * whose path is their one argument.
 */
const runtimeSchema = Type.Object({
  /** Where the plan's recordings lie. */
  planDir: Type.String(),
  /**
   * The plan as the supervisor read and checked it. What is on disk may be half written by now, and a process that is started again
   * must not wait for whoever is writing it; nor read YAML and reckon holidays, which takes half a second, while calls wait.
   */
  plan: Type.Unsafe<Plan>(Type.Object({ id: Type.String() })),
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
  /** Left out: no mail is sent. */
  mail: Type.Optional(
    Type.Object({
      server: Type.String(),
      from: Type.String(),
      login: Type.Optional(Type.Object(login)),
    }),
  ),
  /** Left out: no text message is sent, and the plan has no survey by SMS. */
  sms: Type.Optional(Type.Object({ url: Type.String(), from: Type.String(), ...login })),
  /** Where people reach the pages, for links; no slash at the end. */
  pagesUrl: Type.Optional(Type.String()),
  demo: Type.Optional(Type.Object({ citizenSecret: Type.String() })),
  log: Type.Object({ level: Type.String(), format: Type.Union([Type.Literal("json"), Type.Literal("text")]) }),
});
export type Runtime = Type.Static<typeof runtimeSchema>;

/** Names of what lies in the state folder. */
export const stateFiles = {
  log: "log.sqlite",
  accounts: "accounts.sqlite",
  officers: "officers.sqlite",
  matters: "matters.sqlite",
  surveys: "surveys.sqlite",
  recordings: "recordings",
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
