import type { LinkClient } from "../../engine/link-client.ts";
import { engineAway } from "../../engine/link-client.ts";
import type { LineView } from "../../engine/views.ts";

/** Whether calls are served, as far as the front can know: what the engine says, or that it is away. */
export function lineNow(link: LinkClient): LineView {
  if (link.up && link.line !== undefined) return link.line;
  const { code, message, mend } = engineAway();
  return { engine: "away", asterisk: "away", store: link.line?.store ?? "ok", problems: [{ code, message, mend }] };
}

/** Calls are served from end to end. */
export function serves(line: LineView): boolean {
  return line.engine === "serving" && line.asterisk === "connected" && line.store === "ok";
}
