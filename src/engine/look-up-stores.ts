import { join } from "node:path";
import { stateFiles } from "../settings/runtime.ts";
import type { MatterStore } from "../store/matter-port.ts";
import type { OfficerDirectory } from "../store/officer-port.ts";
import { openMatters } from "../store/sqlite/matters.ts";
import { openOfficers } from "../store/sqlite/officers.ts";

/** How long a look-up may wait for another process that writes, ms: it holds up all calls meanwhile. */
const patienceMs = 50;

/** What look-ups are answered from. */
export interface LookUpStores {
  readonly officers: Pick<OfficerDirectory, "findExtension">;
  readonly matters: Pick<MatterStore, "statusFor" | "reserve">;
  close(): Promise<void>;
}

/** Opened at the first question, and after a failure at the next: a store that cannot be opened must not keep calls from being served. */
export function lookUpStores(stateDir: string): LookUpStores {
  const officers = atFirst(() => openOfficers({ file: join(stateDir, stateFiles.officers), patienceMs }));
  const matters = atFirst(() => openMatters({ file: join(stateDir, stateFiles.matters), patienceMs }));
  return {
    officers: { findExtension: async (...asked) => (await officers.open()).findExtension(...asked) },
    matters: {
      statusFor: async (...asked) => (await matters.open()).statusFor(...asked),
      reserve: async (...asked) => (await matters.open()).reserve(...asked),
    },
    async close() {
      await Promise.all([officers.close(), matters.close()]);
    },
  };
}

function atFirst<T extends { close(): Promise<void> }>(open: () => Promise<T>) {
  let opened: Promise<T> | undefined;
  return {
    open(): Promise<T> {
      opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
    close: async (): Promise<void> => (await opened)?.close(),
  };
}
