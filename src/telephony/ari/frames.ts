import { type Static, Type } from "typebox";
import { Compile } from "typebox/compile";
import { KontaktlotsError } from "../../core/errors.ts";

/** The frames of ARI's WebSocket that we read, each checked at the door. Asterisk 22, `rest-api/api-docs/events.json`. */

const channel = Type.Object({
  id: Type.String(),
  name: Type.String(),
  state: Type.String(),
  caller: Type.Object({ number: Type.String() }),
});

const application = Type.String();
const stasisStart = Type.Object({
  type: Type.Literal("StasisStart"),
  application,
  args: Type.Array(Type.String()),
  channel,
});
const stasisEnd = Type.Object({ type: Type.Literal("StasisEnd"), application, channel });
/** `dialstatus`: "" at first, then how far it has come. */
const dial = Type.Object({ type: Type.Literal("Dial"), dialstatus: Type.String(), peer: channel });
const channelDestroyed = Type.Object({
  type: Type.Literal("ChannelDestroyed"),
  cause: Type.Integer(),
  tech_cause: Type.Optional(Type.Integer()),
  channel,
});
const dtmf = Type.Object({
  type: Type.Literal("ChannelDtmfReceived"),
  digit: Type.String(),
  timestamp: Type.Optional(Type.String()),
  channel,
});
const playbackFinished = Type.Object({
  type: Type.Literal("PlaybackFinished"),
  playback: Type.Object({ id: Type.String(), state: Type.String() }),
});
const recording = {
  recording: Type.Object({
    name: Type.String(),
    duration: Type.Optional(Type.Integer()),
    talking_duration: Type.Optional(Type.Integer()),
  }),
};
const recordingFinished = Type.Object({ type: Type.Literal("RecordingFinished"), ...recording });
const recordingFailed = Type.Object({ type: Type.Literal("RecordingFailed"), ...recording });
const hold = Type.Object({ type: Type.Literal("ChannelHold"), channel });
const unhold = Type.Object({ type: Type.Literal("ChannelUnhold"), channel });
const replaced = Type.Object({ type: Type.Literal("ApplicationReplaced") });

export type AriEvent =
  | Static<typeof stasisStart>
  | Static<typeof stasisEnd>
  | Static<typeof dial>
  | Static<typeof channelDestroyed>
  | Static<typeof dtmf>
  | Static<typeof playbackFinished>
  | Static<typeof recordingFinished>
  | Static<typeof recordingFailed>
  | Static<typeof hold>
  | Static<typeof unhold>
  | Static<typeof replaced>;

const checks = {
  StasisStart: Compile(stasisStart),
  StasisEnd: Compile(stasisEnd),
  Dial: Compile(dial),
  ChannelDestroyed: Compile(channelDestroyed),
  ChannelDtmfReceived: Compile(dtmf),
  PlaybackFinished: Compile(playbackFinished),
  RecordingFinished: Compile(recordingFinished),
  RecordingFailed: Compile(recordingFailed),
  ChannelHold: Compile(hold),
  ChannelUnhold: Compile(unhold),
  ApplicationReplaced: Compile(replaced),
};

const reply = Compile(
  Type.Object({
    type: Type.Literal("RESTResponse"),
    request_id: Type.String(),
    status_code: Type.Integer(),
    message_body: Type.Optional(Type.String()),
  }),
);

/** Events Asterisk would send and we do not use; it is told not to, which takes a third off both sides' work. */
export const unusedEvents = [
  "ApplicationMoveFailed",
  "ApplicationRegistered",
  "ApplicationUnregistered",
  "BridgeAttendedTransfer",
  "BridgeBlindTransfer",
  "BridgeCreated",
  "BridgeDestroyed",
  "BridgeMerged",
  "BridgeVideoSourceChanged",
  "ChannelCallerId",
  "ChannelConnectedLine",
  "ChannelCreated",
  "ChannelDialplan",
  "ChannelEnteredBridge",
  "ChannelHangupRequest",
  "ChannelLeftBridge",
  "ChannelStateChange",
  "ChannelTalkingFinished",
  "ChannelTalkingStarted",
  "ChannelToneDetected",
  "ChannelTransfer",
  "ChannelUserevent",
  "ChannelVarset",
  "ContactStatusChange",
  "DeviceStateChanged",
  "Dial",
  "EndpointStateChange",
  "PeerStatusChange",
  "PlaybackContinuing",
  "PlaybackStarted",
  "RecordingStarted",
  "TextMessageReceived",
];

/** The same of channels that ring a number outside, whose answer is told by `Dial`. */
export const unusedOutside = unusedEvents.filter((type) => type !== "Dial");

export type Frame =
  | { readonly kind: "event"; readonly event: AriEvent }
  | { readonly kind: "reply"; readonly id: string; readonly status: number; readonly body: string }
  /** A sort of event we have no use for. */
  | { readonly kind: "other"; readonly type: string };

/** Reads one frame. Errors: ARI_BAD_FRAME for what is no JSON, or a known frame of another shape. */
export function readFrame(text: string): Frame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw bad("no JSON", text, error);
  }
  const type = (value as { type?: unknown } | null)?.type;
  if (type === "RESTResponse") {
    if (!reply.Check(value)) throw bad("a RESTResponse of another shape", text);
    return { kind: "reply", id: value.request_id, status: value.status_code, body: value.message_body ?? "" };
  }
  if (typeof type !== "string") throw bad("a frame without type", text);
  if (!Object.hasOwn(checks, type)) return { kind: "other", type };
  const check = checks[type as keyof typeof checks];
  if (!check.Check(value)) throw bad(`a ${type} of another shape`, text);
  return { kind: "event", event: value as AriEvent };
}

function bad(what: string, text: string, cause?: unknown): KontaktlotsError {
  return new KontaktlotsError(
    "ARI_BAD_FRAME",
    `Asterisk sent ${what}.`,
    "The frame was left out; report it with Asterisk's version.",
    { frame: text.slice(0, 500) },
    cause,
  );
}
