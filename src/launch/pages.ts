import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KontaktlotsError } from "../core/errors.ts";

/** Builds the pages when their sources changed since they were built last. `root`: the project's folder. Errors: INTERNAL; the signal's reason. */
export async function buildPages(root: string, say: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const web = join(root, "src", "web");
  const stamp = join(web, "dist", ".built-from");
  const sum = await sumOf(root, web);
  if ((await readFile(stamp, "utf8").catch(() => "")) === sum) return;
  say("Building the pages ...");
  const output: Buffer[] = [];
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn("npm", ["run", "build", "--silent"], { cwd: web, stdio: ["ignore", "pipe", "pipe"] });
    signal?.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
    child.stdout.on("data", (data: Buffer) => output.push(data));
    child.stderr.on("data", (data: Buffer) => output.push(data));
    child.once("error", reject);
    child.once("close", resolve);
  });
  signal?.throwIfAborted();
  if (code !== 0) {
    throw new KontaktlotsError(
      "INTERNAL",
      `The pages could not be built:\n${Buffer.concat(output).toString()}`,
      "Mend what it says and start again.",
    );
  }
  await writeFile(stamp, sum);
}

async function sumOf(root: string, web: string): Promise<string> {
  const hash = createHash("sha256").update(await readFile(join(root, "package-lock.json")));
  const files = await readdir(web, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  for (const path of paths.filter((path) => !/\/(dist|node_modules)\//.test(path)).sort()) {
    hash.update(path.slice(web.length)).update(await readFile(path));
  }
  // The pages share the server's types and words.
  for (const shared of ["core/facts.ts", "core/plan/plan.ts"]) hash.update(await readFile(join(root, "src", shared)));
  return hash.digest("hex");
}
