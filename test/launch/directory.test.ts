import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import t from "tap";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openOfficers } from "../../src/store/sqlite/officers.ts";
import { root } from "./support.ts";

t.setTimeout(180_000);

const head = "id;name;extension;number;subjects;districts;colleague;group";
const plan = join(root, "dialplans/stockholm");

/** `npm run directory -- …` as a process of its own, with a folder of its own. */
function office(dir: string) {
  return async (...args: string[]) => {
    const { PATH = "", HOME = "" } = process.env;
    const child = spawn(process.execPath, [join(root, "src/launch/directory.ts"), ...args], {
      env: { PATH, HOME, STATE_DIR: join(dir, "state"), PLAN: plan, INIT_CWD: dir },
    });
    child.stdin.end();
    const code = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await code, out, err };
  };
}

t.test("officers are brought in, listed, found, away and back", async (t) => {
  const dir = t.testdir({
    "people.csv": `${head}\nanna.berg;Anna Berg;2345;08-508 12 345;Bygglov;Bromma;2346;bygglov\nbo.ek;Bo Ek;2346;0900-123 456;;;;\n`,
    "synonyms.csv": "district;word;means\nBromma;altan;Bygglov\n",
  });
  const directory = office(dir);
  t.match(await directory("list"), { code: 0, out: "The directory is empty.\n", err: "" });

  const brought = await directory("import", "people.csv");
  t.match(brought, { code: 0, err: "" });
  t.match(brought.out, /^2 officers: 2 new, 0 changed, 0 gone\.\nnew {6}anna\.berg, bo\.ek\n/);
  t.match(brought.out, /bo\.ek: \+46900123456 may not be rung, so callers are told that nobody answers\./);
  t.notMatch(brought.out, /anna\.berg: /);
  t.match((await directory("list")).out, /^2345 +anna\.berg +Anna Berg +\+46850812345 +Bygglov +Bromma\n2346 +bo\.ek/);
  t.match(await directory("import", "synonyms.csv"), { code: 0, out: "1 synonyms.\n" });
  t.match((await directory("list", "altan")).out, /^2345 +anna\.berg .*\n$/, "found by what people in the district call it");
  t.match((await directory("list", "nobody", "at", "all")).out, 'Nobody fits "nobody at all".');

  const away = await directory("absent", "anna.berg", "meeting", "2099-01-02 14:00");
  t.match(away, { code: 0, out: "anna.berg: meeting until 2099-01-02T13:00:00.000Z.\n" }, "the city's time");
  t.match((await directory("list", "anna")).out, /\(meeting until 2099-01-02T13:00:00\.000Z\)/);
  const store = await openOfficers({ file: join(dir, "state", stateFiles.officers) });
  t.match((await store.findExtension("2345", Date.now()))?.absence, { reason: "meeting" }, "calls know it too");
  await store.close();
  t.match(await directory("back", "anna.berg"), { code: 0, out: "anna.berg is back.\n" });
  t.notMatch((await directory("list", "anna")).out, /meeting/);

  await writeFile(join(dir, "people.csv"), `${head}\nbo.ek;Bo Ek;2346;08-508 12 346;;;;\n`);
  const again = await directory("import", "people.csv");
  t.equal(again.out, "1 officers: 0 new, 1 changed, 1 gone.\nchanged  bo.ek\ngone     anna.berg\n");
});

t.test("what is wrong is told with its code and line, and changes nothing", async (t) => {
  const dir = t.testdir({
    "good.csv": `${head}\nanna.berg;Anna Berg;2345;08-508 12 345;;;;\n`,
    "bad.csv": `${head}\nbo;Bo;2x;08-508 12 346;;Broma;;byglov\n`,
    "empty.csv": `${head}\n`,
  });
  const directory = office(dir);
  await directory("import", "good.csv");
  const bad = await directory("import", "bad.csv");
  t.match(bad, { code: 1, out: "" });
  t.match(bad.err, /DIRECTORY_INVALID/);
  t.match(bad.err, /line 2, column extension: "2x" is not right/);
  t.match(bad.err, /column group: The plan has no group byglov\. Did you mean bygglov\?/);
  t.match(bad.err, /column districts: The plan has no district Broma\. Did you mean Bromma\?/);
  const refused: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [["import", "empty.csv"], /DIRECTORY_INVALID.*\n?.*nobody in it/s],
    [["import", "none.csv"], /NOT_FOUND.*none\.csv cannot be read/s],
    [["import"], /REQUEST_INVALID.*npm run directory -- import FILE\.csv/s],
    [[], /REQUEST_INVALID.*No command was given/s],
    [["absent", "anna.berg", "asleep"], /REQUEST_INVALID.*There is no reason asleep/s],
    [["absent", "anna.berg", "lunch", "25:00"], /REQUEST_INVALID.*no time/s],
    [["absent", "anna.berg", "lunch", "2020-01-01 12:00"], /REQUEST_INVALID.*has passed/s],
    [["absent", "nobody", "lunch"], /NOT_FOUND/],
    [["back", "nobody"], /NOT_FOUND/],
  ];
  for (const [args, says] of refused) {
    const ran = await directory(...args);
    t.equal(ran.code, 1, args.join(" "));
    t.match(ran.err, says, args.join(" "));
  }
  t.match((await directory("list")).out, /^2345 +anna\.berg +Anna Berg +\+46850812345\n$/);
});
