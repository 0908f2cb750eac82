import { parseLegId, parsePlaybackId } from "../../core/call/ids.ts";
import { keys } from "../../core/plan/plan.ts";
import type { Apps } from "../apps.ts";
import type { Unstamped } from "../telephony.ts";
import { legCause } from "./causes.ts";
import type { AriEvent } from "./frames.ts";
import { alsoDialled, callerNumber } from "./numbers.ts";

/** What an event of Asterisk's means to the core; undefined: nothing, or it is not for it alone to say. */
export function told(event: AriEvent, { outside }: Apps, isEntry: (number: string) => boolean): Unstamped | undefined {
  switch (event.type) {
    case "StasisStart":
      return entered(event, isEntry);
    // Asterisk's subscription to a caller's channel ends here, so that channel's ChannelDestroyed never comes. Of one we rang it comes,
    // and tells why.
    case "StasisEnd":
      if (event.application === outside || parseLegId(event.channel.id)) return undefined;
      return { type: "caller.gone", call: event.channel.id, cause: "normal" };
    case "Dial": {
      if (event.dialstatus !== "ANSWER") return undefined;
      const leg = parseLegId(event.peer.id);
      return leg ? { type: "leg.answered", ...leg } : { type: "caller.answered", call: event.peer.id };
    }
    case "ChannelDestroyed": {
      const leg = parseLegId(event.channel.id);
      const cause = legCause(event.cause, event.tech_cause);
      // No leg: a callback's citizen, whom we rang.
      return leg ? { type: "leg.ended", ...leg, cause } : { type: "caller.gone", call: event.channel.id, cause };
    }
    case "ChannelDtmfReceived": {
      const key = keys.find((known) => known === event.digit);
      return key && !parseLegId(event.channel.id) ? { type: "key", call: event.channel.id, key } : undefined;
    }
    case "PlaybackFinished": {
      const playback = parsePlaybackId(event.playback.id);
      return playback && { type: "playback.ended", ...playback };
    }
    case "ChannelHold":
    case "ChannelUnhold": {
      const leg = parseLegId(event.channel.id);
      return leg && { type: event.type === "ChannelHold" ? "leg.held" : "leg.resumed", ...leg };
    }
    case "RecordingFinished":
    case "RecordingFailed":
    case "ApplicationReplaced":
      return undefined;
  }
}

/**
 * Arguments as `asterisk-config/etc/extensions.conf` gives them: in, number, presentation, tag, (what was heard before), other
 * numbers.
 */
function entered(
  { args, channel }: Extract<AriEvent, { type: "StasisStart" }>,
  isEntry: (number: string) => boolean,
): Unstamped | undefined {
  const leg = parseLegId(channel.id);
  if (leg) return { type: "leg.answered", ...leg };
  if (args[0] !== "in") return undefined;
  const also = alsoDialled(args[5] ?? "", args[1] ?? "").filter(isEntry);
  return {
    type: "call.arrived",
    call: channel.id,
    dialled: args[1] ?? "",
    ...(also.length > 0 ? { alsoDialled: also } : {}),
    from: callerNumber(channel.caller.number, args[2]),
    tag: args[3] || null,
  };
}
