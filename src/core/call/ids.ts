/**
 * Ids of what we make in Asterisk, all derived from the caller's channel id, so that a leg found there says by
 * itself where it belongs, and the same state always makes the same ids.
 */

export const legId = (call: string, offer: number): string => `${call}-o${offer}`;
export const playbackId = (call: string, playback: number): string => `${call}-p${playback}`;

export const recordingId = (call: string, recording: number): string => `${call}-r${recording}`;

/** The prompt that says again what the caller recorded. */
export const recordedPrompt = (recording: number): string => `recorded-${recording}`;

/** Which of the call's recordings a prompt says, if any. */
export function parseRecordedPrompt(prompt: string): number | undefined {
  const match = /^recorded-(\d+)$/.exec(prompt);
  return match ? Number(match[1]) : undefined;
}

/** The call and offer a leg's channel belongs to; undefined for a caller's channel. */
export function parseLegId(channel: string): { call: string; offer: number } | undefined {
  const match = /^(.+)-o(\d+)$/.exec(channel);
  return match?.[1] === undefined ? undefined : { call: match[1], offer: Number(match[2]) };
}

/** The call and number of a playback id of ours. */
export function parsePlaybackId(id: string): { call: string; playback: number } | undefined {
  const match = /^(.+)-p(\d+)$/.exec(id);
  return match?.[1] === undefined ? undefined : { call: match[1], playback: Number(match[2]) };
}

/** The call and number of a recording's name. */
export function parseRecordingId(name: string): { call: string; recording: number } | undefined {
  const match = /^(.+)-r(\d+)$/.exec(name);
  return match?.[1] === undefined ? undefined : { call: match[1], recording: Number(match[2]) };
}
