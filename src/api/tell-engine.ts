import type { Logger } from "pino";
import { asKontaktlotsError } from "../core/errors.ts";
import type { LinkClient } from "../engine/link-client.ts";

/**
 * What agents bring is on disk when this is called; the engine is told to read it. When it is away it is told as soon as it is
 * back, so that the change is never lost and nobody need make it again. Never rejects.
 */
export function agentsChangedTeller(link: LinkClient, log: Logger): () => Promise<void> {
  let owed = false;
  async function tell(): Promise<void> {
    owed = false;
    try {
      await link.send({ type: "agents-changed" });
    } catch (thrown) {
      owed = true;
      const error = asKontaktlotsError(thrown);
      log.warn({ code: error.code }, `What agents bring has changed, and the engine will be told when it is back. ${error.line}`);
    }
  }
  link.on("up", () => {
    if (owed) void tell();
  });
  return tell;
}
