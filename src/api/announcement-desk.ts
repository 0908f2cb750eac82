import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KontaktlotsError } from "../core/errors.ts";
import { uploadFile, uploadFolder } from "../engine/announcer.ts";
import type { Runtime } from "../settings/runtime.ts";
import { espeak } from "../telephony/prompts/index.ts";
import { readableText, textProblem } from "../telephony/prompts/text.ts";
import type { AnnouncementDesk } from "./deps.ts";

/** Recordings that nobody has published after this long go, ms. */
const keptMs = 3_600_000;

/** Speaks for those who write an announcement, and keeps what they record until the engine takes it. */
export function announcementDesk({ stateDir, soundTools }: Runtime): AnnouncementDesk {
  const voice = espeak(soundTools.espeakNg);
  const folder = uploadFolder(stateDir);
  return {
    async preview(text, language) {
      const problem = textProblem(text);
      if (problem) throw new KontaktlotsError("PROMPT_FAILED", problem.what, problem.mend);
      const [sound = Buffer.alloc(0)] = await voice.speak([readableText(text)], language);
      return sound;
    },
    async keep(recording) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const name of await readdir(folder)) {
        const file = join(folder, name);
        const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
        if (Date.now() - mtimeMs > keptMs) await rm(file, { force: true });
      }
      const name = randomUUID();
      await writeFile(uploadFile(stateDir, name), recording, { mode: 0o600 });
      return name;
    },
  };
}
