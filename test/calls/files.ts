import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestSystem } from "../support/system.ts";

/**
 * Files in the state folder in which these digits stand, by their names or as they are on disk. Last of all in a test: to read
 * SQLite's files and close them takes away this process's own locks on them.
 */
export async function filesWith(sys: TestSystem, digits: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(sys.stateDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (entry.name.includes(digits) || (await contentOf(path)).includes(digits)) found.push(path.slice(sys.stateDir.length + 1));
  }
  return found;
}

/** Of a file that went away meanwhile, as SQLite's journals do, nothing. */
async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}
