import { readFile } from "node:fs/promises";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { KontaktlotsError } from "../core/errors.ts";
import { roles } from "../store/account-port.ts";
import type { DemoReply } from "./contract.ts";

const text = Type.String({ minLength: 1 });
const role = Type.Enum(roles);
const demoFile = Compile(
  Type.Object({ logins: Type.Array(Type.Object({ user: text, password: text, name: text, roles: Type.Array(role) })) }),
);

/** The demo log-ins that the launcher made at the first start. Errors: NOT_FOUND when there are none to be read. */
export async function readDemoLogins(path: string): Promise<DemoReply["logins"]> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return demoFile.Parse(value).logins.map(({ user, password, name, roles }) => ({ user, password, name, roles }));
  } catch (error) {
    throw new KontaktlotsError("NOT_FOUND", "There are no demo log-ins.", "Start the system with DEMO=true.", { path }, error);
  }
}
