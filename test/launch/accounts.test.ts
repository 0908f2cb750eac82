import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import t from "tap";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openAccounts } from "../../src/store/accounts.ts";
import { callsPlan, type Place, place, root, Start } from "./support.ts";

t.setTimeout(180_000);

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `npm run accounts -- …` as a process of its own. */
async function accounts(stateDir: string, args: readonly string[], typed = ""): Promise<Ran> {
  const { PATH = "", HOME = "", NODE_COMPILE_CACHE = "" } = process.env;
  const child = spawn(process.execPath, [join(root, "src/launch/accounts.ts"), ...args], {
    env: { PATH, HOME, NODE_COMPILE_CACHE, STATE_DIR: stateDir, PLAN: callsPlan },
  });
  child.stdin.end(typed);
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

const shownPassword = ({ out }: Ran): string => /password: (\S{12})$/m.exec(out)?.[1] ?? "";

t.test("accounts without a demo: add, list, password, remove", async (t) => {
  const stateDir = join(t.testdir({}), "state");
  const inStore = async <T>(ask: (store: Awaited<ReturnType<typeof openAccounts>>) => Promise<T>): Promise<T> => {
    const store = await openAccounts({ file: join(stateDir, stateFiles.accounts) });
    return await ask(store).finally(() => store.close());
  };
  t.match(await accounts(stateDir, ["list"]), { code: 0, out: "Nobody may sign in yet.\n" });

  const added = await accounts(stateDir, ["add", "eva", "--name", "Eva Ek", "--roles", "agent,lead", "--groups", "b"]);
  t.match(added, { code: 0, err: "" });
  t.match(await inStore((store) => store.checkPassword("eva", shownPassword(added))), {
    name: "Eva Ek",
    roles: ["agent", "lead"],
  });
  t.match(await inStore((store) => store.listAgents()), [{ id: "eva", competence: { skills: [{ group: "b" }] } }]);

  const typed = await accounts(stateDir, ["add", "olle", "--name", "Olle", "--roles", "admin", "--stdin"], "ett två tre\n");
  t.match(typed, { code: 0, err: "" });
  t.notMatch(typed.out, /ett två|password:/, "what was typed is not shown");
  t.match(await inStore((store) => store.checkPassword("olle", "ett två tre")), { user: "olle" });
  t.match((await accounts(stateDir, ["list"])).out, /^eva +Eva Ek +agent,lead +b *\nolle +Olle +admin *\n$/);

  await inStore((store) => store.addSession({ tokenHash: "aa", user: "eva", expiresAt: Date.now() + 60_000 }));
  const changed = await accounts(stateDir, ["password", "eva"]);
  t.not(shownPassword(changed), shownPassword(added));
  t.equal(await inStore((store) => store.checkPassword("eva", shownPassword(added))), undefined, "the old one no longer holds");
  t.match(await inStore((store) => store.checkPassword("eva", shownPassword(changed))), { user: "eva" });
  t.equal(await inStore((store) => store.findSession("aa", Date.now())), undefined, "signed out");

  t.match(await accounts(stateDir, ["remove", "eva"]), { code: 0 });
  t.equal(await inStore((store) => store.findUser("eva")), undefined);
  t.same(await inStore((store) => store.listAgents()), [], "and no agent any more");
});

t.test("what is wrong is said with its code, and changes nothing", async (t) => {
  const stateDir = t.testdir({});
  const wrong = [
    [[], /^REQUEST_INVALID: No command/],
    [["add"], /^REQUEST_INVALID: "add" does not go/],
    [["change", "eva"], /^REQUEST_INVALID: There is no command change/],
    [["add", "eva", "--roles", "lead"], /^REQUEST_INVALID: --name/],
    [["add", "eva", "--name", "Eva", "--roles", "boss"], /^REQUEST_INVALID: --roles is "boss"/],
    [
      ["add", "eva", "--name", "Eva", "--roles", "agent", "--groups", "b,zz"],
      /^REQUEST_INVALID: The plan has no group zz\. .*a, b/,
    ],
    [["add", "Eva Ek", "--name", "Eva", "--roles", "agent"], /^REQUEST_INVALID: .*cannot be an agent's id/],
    [["add", "eva", "--name", "Eva", "--roles", "lead", "--stdin"], /^REQUEST_INVALID: The password is empty/],
    [["add", "eva", "--password", "x"], /^REQUEST_INVALID: Unknown option '--password'/],
    [["password", "eva"], /^NOT_FOUND: There is no user eva/],
    [["remove", "eva"], /^NOT_FOUND: There is no user eva/],
  ] as const;
  for (const [args, said] of wrong) {
    const ran = await accounts(stateDir, args);
    t.equal(ran.code, 1, args.join(" "));
    t.match(ran.err, said);
    t.equal(ran.out, "");
  }
  t.match((await accounts(stateDir, ["list"])).out, /^Nobody/);
});

t.test("DEMO=false takes the demo's log-ins away; one with a new password stays", async (t) => {
  const here = await place(t);
  const demo = await Start.run(t, here);
  await demo.ready();
  const anna = /^ +anna +(\S+) /m.exec(demo.text)?.[1] ?? "";
  t.equal(await signsIn(here, "anna", anna), 200);
  demo.signal("SIGINT");
  await demo.ended;

  t.match(await accounts(here.stateDir, ["password", "lena", "--stdin"], "lenas eget\n"), { code: 0 });
  const real = await Start.run(t, here, { DEMO: "false" });
  await real.ready();
  t.notMatch(real.text, /anna|Ingen kan logga in/);
  t.equal(await signsIn(here, "anna", anna), 401);
  t.equal(await signsIn(here, "lena", "lenas eget"), 200);
  t.match((await accounts(here.stateDir, ["list"])).out, /^lena [^\n]+\n$/, "she alone");
  t.notOk(existsSync(join(here.stateDir, stateFiles.demo)), "no password is left on disk");

  t.match(await accounts(here.stateDir, ["remove", "lena"]), { code: 0 });
  t.equal(await signsIn(here, "lena", "lenas eget"), 401, "while it runs");
  real.signal("SIGINT");
  await real.ended;
});

async function signsIn({ env }: Place, user: string, password: string): Promise<number> {
  const url = `http://127.0.0.1:${env.PORT}`;
  const headers = { "content-type": "application/json", origin: url };
  return (await fetch(`${url}/api/session`, { method: "POST", headers, body: JSON.stringify({ user, password }) })).status;
}
