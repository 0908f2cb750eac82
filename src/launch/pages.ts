import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { asKontaktlotsError, KontaktlotsError } from "../core/errors.ts";
import { lockForWriting } from "../store/sqlite/lock.ts";

/**
 * Builds the pages when their sources changed since they were built last. Any number of processes may ask at once: one builds,
 * the others wait for it. The new pages are made beside the old ones and then take their place, so that whoever serves them
 * meanwhile has whole ones. `root`: the project's folder. Errors: INTERNAL, STORE_FAILED; the signal's reason.
 */
export async function buildPages(root: string, say: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const web = join(root, "src", "web");
  const dist = join(web, "dist");
  const sum = await sumOf(root, web);
  const isBuilt = async (): Promise<boolean> => (await readFile(join(dist, stamp), "utf8").catch(() => "")) === sum;
  if (await isBuilt()) return;
  const unlock = await whenFree(join(root, "node_modules", ".kontaktlots-pages"), signal);
  try {
    if (await isBuilt()) return;
    say("Building the pages ...");
    const fresh = join(web, "dist.new");
    await build(web, fresh, signal);
    await writeFile(join(fresh, stamp), sum);
    await rm(dist, { recursive: true, force: true });
    await rename(fresh, dist);
  } finally {
    unlock();
  }
}

/** In the built pages: the sum of what they were built from. */
const stamp = ".built-from";

/** The lock goes with its process, so a build that was killed holds up nobody. */
async function whenFree(file: string, signal: AbortSignal | undefined): Promise<() => void> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return lockForWriting(file);
    } catch (error) {
      if (asKontaktlotsError(error).code !== "STORE_LOCKED") throw error;
    }
    await delay(100);
  }
}

async function build(web: string, into: string, signal: AbortSignal | undefined): Promise<void> {
  const output: Buffer[] = [];
  const code = await new Promise<number | null>((resolve, reject) => {
    const args = ["run", "build", "--silent", "--", "--outDir", into, "--emptyOutDir"];
    const child = spawn("npm", args, { cwd: web, stdio: ["ignore", "pipe", "pipe"] });
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
}

async function sumOf(root: string, web: string): Promise<string> {
  const hash = createHash("sha256").update(await readFile(join(root, "package-lock.json")));
  const files = await readdir(web, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  for (const path of paths.filter((path) => !/\/(dist|dist\.new|node_modules)\//.test(path)).sort()) {
    hash.update(path.slice(web.length)).update(await readFile(path));
  }
  // The pages share the server's types and words.
  for (const shared of ["core/facts.ts", "core/plan/plan.ts"]) hash.update(await readFile(join(root, "src", shared)));
  return hash.digest("hex");
}
