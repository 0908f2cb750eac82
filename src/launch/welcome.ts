import type { Role } from "../store/accounts.ts";

export interface WelcomeOptions {
  /** Where the pages are, without a slash at the end. */
  readonly url: string;
  readonly demo: boolean;
  readonly logins: readonly {
    readonly user: string;
    readonly password: string;
    readonly name: string;
    readonly roles: readonly Role[];
  }[];
  /** The log's path; undefined when it is standard output. */
  readonly logFile: string | undefined;
  /** How long the start took. */
  readonly seconds: number;
}

/** What stands on the terminal when calls are served: where to click, and as whom. */
export function welcome({ url, demo, logins, logFile, seconds }: WelcomeOptions): string[] {
  const lines = ["", `Kontaktlots tar emot samtal / takes calls.   (${seconds.toFixed(1)} s)`, ""];
  if (demo) {
    lines.push(
      "  Öppna två fönster / open two windows:",
      `    Ring / call            ${url}/phone`,
      `    Svara / answer         ${url}/agent`,
      "",
    );
  }
  lines.push(
    "  Sidor / pages:",
    `    Start                  ${url}/`,
    `    Statistik / figures    ${url}/statistics`,
    `    Just nu / live         ${url}/live`,
  );
  if (logins.length > 0) lines.push("", "  Logga in med / log in with:");
  for (const { user, password, name, roles } of logins) {
    const role = roles.includes("lead") ? "teamledare / team lead" : "handläggare / agent";
    lines.push(`    ${user.padEnd(10)} ${password.padEnd(11)} ${name.padEnd(16)} ${role}`);
  }
  lines.push("");
  if (logFile !== undefined) lines.push(`  Logg / log: ${logFile}`);
  lines.push("  Ctrl-C avslutar / ends.");
  return lines;
}

/** The address of the pages as a browser on this machine reaches them. */
export function pagesUrl({ host, port }: { readonly host: string; readonly port: number }): string {
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
