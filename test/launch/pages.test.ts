import { spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";
import { root } from "./support.ts";

/** Two that build at once: `npm start` beside `npm test`, after the pages' sources changed. */
t.test("several processes ask for the pages at once: one builds, all find them whole", async (t) => {
  const project = await copy(t.testdir({}));
  const dist = join(project, "src/web/dist");
  const build = async (): Promise<string> => {
    const pages = pathToFileURL(join(root, "src/launch/pages.ts")).href;
    const program = `const { buildPages } = await import(${JSON.stringify(pages)}); await buildPages(${JSON.stringify(project)}, console.log)`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (data: Buffer) => {
      said += data;
    });
    t.equal(await new Promise((resolve) => child.once("close", resolve)), 0);
    t.match(await readFile(join(dist, "index.html"), "utf8"), /^built \d+$/, "whole as soon as anyone is told so");
    return said;
  };
  t.same((await Promise.all([build(), build(), build()])).sort(), ["", "", "Building the pages ...\n"]);
  t.equal(await build(), "", "and not once more");
  const first = await readFile(join(dist, "index.html"), "utf8");
  await writeFile(join(project, "src/web/page.ts"), "changed");
  t.equal(await build(), "Building the pages ...\n");
  t.not(await readFile(join(dist, "index.html"), "utf8"), first);
  t.notOk((await readdir(join(project, "src/web"))).includes("dist.new"));
});

/** A project whose build is a line of shell; what npm adds to it is `--outDir` ($0) and the folder ($1). */
async function copy(project: string): Promise<string> {
  const web = join(project, "src/web");
  await mkdir(web, { recursive: true });
  await mkdir(join(project, "node_modules"));
  for (const shared of ["core/facts.ts", "core/plan/plan.ts"])
    await cp(join(root, "src", shared), join(project, "src", shared), { recursive: true });
  await writeFile(join(project, "package-lock.json"), "{}");
  await writeFile(join(web, "page.ts"), "as it was");
  const line = `sh -c 'mkdir -p "$1"; sleep 0.3; printf "built %s" $$ > "$1/index.html"'`;
  await writeFile(join(web, "package.json"), JSON.stringify({ scripts: { build: line } }));
  return project;
}
