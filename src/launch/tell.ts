import type { ErrorCode } from "../core/errors.ts";
import type { AsteriskKeeper } from "./asterisk-keeper.ts";
import { endingText, type Keeper } from "./keeper.ts";
import type { Output } from "./output.ts";

export interface Parts {
  readonly asterisk: AsteriskKeeper | undefined;
  readonly engine: Keeper;
  readonly front: Keeper | undefined;
}

/** Tells people and the log what becomes of the parts. */
export function tellOf({ asterisk, engine, front }: Parts, { log, say, notice, well }: Output): void {
  const warn = (code: ErrorCode, text: string): void => log.warn({ code }, `${code}: ${text}`);
  const again = (line: string): void => {
    log.info(line);
    well();
    say(line);
  };
  let engineAway = false;
  engine.on("notice", (what) => notice("engine", what));
  front?.on("notice", (what) => {
    // That the engine is away is told below, with the reason.
    if (!what.text.startsWith("ENGINE_AWAY")) notice("front", what);
  });
  engine.on("ended", (how) => {
    engineAway = true;
    warn(
      how.stalled ? "ENGINE_STALLED" : "ENGINE_AWAY",
      `The engine ended (${endingText(how)}); it is started again. Calls that are talked go on.`,
    );
  });
  engine.on("serving", (sinceMs) => {
    if (engineAway) again(`The engine serves calls again (${(sinceMs / 1000).toFixed(1)} s).`);
    engineAway = false;
  });
  front?.on("ended", (how) => log.warn(`The front ended (${endingText(how)}); it is started again. Calls go on.`));
  asterisk?.on("ended", () => warn("ASTERISK_UNREACHABLE", "Asterisk ended, and all calls with it; it is started again."));
  asterisk?.on("failed", (error) => log.error({ code: error.code }, error.line));
  asterisk?.on("serving", (bootMs) => again(`Asterisk runs again (${(bootMs / 1000).toFixed(1)} s).`));
}
