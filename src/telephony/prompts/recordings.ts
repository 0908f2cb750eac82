import { readdir } from "node:fs/promises";
import { join, parse, resolve } from "node:path";
import { KontaktlotsError } from "../../core/errors.ts";
import type { Language, PromptId } from "../../core/plan/plan.ts";

/** Kinds of sound that may stand beside the texts; of two with the same name the first kind counts. */
const kinds = [".wav", ".flac", ".ogg"];

/** A file in a plan's `recordings/LANGUAGE/`. */
export interface Recording {
  readonly prompt: PromptId;
  readonly language: Language;
  /** Absolute. */
  readonly file: string;
}

/**
 * All recordings beside a plan, `recordings/sv/greeting.wav` and so on; none when there is no such folder.
 *
 * @throws PROMPT_FAILED when the folder cannot be read.
 */
export async function listRecordings(planFolder: string): Promise<Recording[]> {
  const folder = resolve(planFolder, "recordings");
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new KontaktlotsError(
      "PROMPT_FAILED",
      `${folder} cannot be read: ${error.message}.`,
      "Correct its permissions.",
      {},
      error,
    );
  });
  return files
    .filter((file) => !file.isDirectory() && kinds.includes(parse(file.name).ext.toLowerCase()))
    .map((file) => ({
      prompt: parse(file.name).name,
      language: parse(file.parentPath).base,
      file: join(file.parentPath, file.name),
    }))
    .sort((a, b) => kindOf(a.file) - kindOf(b.file) || (a.file < b.file ? -1 : 1));
}

function kindOf(file: string): number {
  return kinds.indexOf(parse(file).ext.toLowerCase());
}
