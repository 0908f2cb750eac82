import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { uploadFile, uploadFolder } from "../engine/announcer.ts";
import type { Runtime } from "../settings/runtime.ts";
import { espeak } from "../telephony/prompts/index.ts";
import type { AnnouncementDesk } from "./deps.ts";

/** Recordings that nobody has published after this long go, ms. */
const keptMs = 3_600_000;

/** Speaks for those who write an announcement, and keeps what they record until the engine takes it. */
export function announcementDesk({ stateDir, soundTools }: Runtime): AnnouncementDesk {
  const voice = espeak(soundTools.espeakNg);
  const folder = uploadFolder(stateDir);
  return {
    preview: (text, language) => voice.speak(text, language),
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
