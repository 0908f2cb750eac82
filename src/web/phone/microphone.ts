import type { ErrorCode } from "../../core/errors.ts";

/** Why no sound can be had from a microphone; each has its sentence in the texts. */
export type MicrophoneProblem = Extract<ErrorCode, `MICROPHONE_${string}`>;

/** What is asked of the microphone, in tests and in calls alike. */
export const audioConstraints: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/** The problem behind a failed getUserMedia (Media Capture and Streams, section 10.3). */
export function microphoneProblem(thrown: unknown): MicrophoneProblem | null {
  const name = thrown instanceof Error ? thrown.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "MICROPHONE_REFUSED";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "MICROPHONE_MISSING";
  if (name === "NotReadableError" || name === "AbortError") return "MICROPHONE_BUSY";
  return null;
}

/** Opens the microphone and closes it again: null when it can be used. Asks the person for leave when need be. */
export async function testMicrophone(): Promise<MicrophoneProblem | null> {
  // Browsers give no microphone at all to a page that came over plain HTTP from another machine.
  if (navigator.mediaDevices === undefined) return "MICROPHONE_REFUSED";
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: audioConstraints });
    for (const track of stream.getTracks()) track.stop();
    return null;
  } catch (cause) {
    return microphoneProblem(cause) ?? "MICROPHONE_BUSY";
  }
}
