/** Sound from the microphone or a file, as the server takes it. */

export interface Recording {
  /** Ends it, and gives what was recorded in the browser's own format. */
  stop(): Promise<Blob>;
}

/** Records from the microphone until `stop`. Rejects with the browser's own DOMException. */
export async function record(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start();
  return {
    stop: () =>
      new Promise((resolve) => {
        recorder.onstop = () => {
          for (const track of stream.getTracks()) track.stop();
          resolve(new Blob(parts, { type: recorder.mimeType }));
        };
        recorder.stop();
      }),
  };
}

/** Enough for the telephone, which carries 8,000 samples a second. */
const rate = 16_000;

/** Any sound the browser can play, as a WAV file: 16 bit, mono. Rejects with a DOMException when it is no sound. */
export async function asWav(sound: Blob): Promise<Blob> {
  const context = new OfflineAudioContext(1, 1, rate);
  const decoded = await context.decodeAudioData(await sound.arrayBuffer());
  const channels = Array.from({ length: decoded.numberOfChannels }, (_, n) => decoded.getChannelData(n));
  const view = new DataView(new ArrayBuffer(44 + decoded.length * 2));
  const word = (at: number, text: string) => {
    for (let n = 0; n < text.length; n++) view.setUint8(at + n, text.charCodeAt(n));
  };
  word(0, "RIFF");
  view.setUint32(4, 36 + decoded.length * 2, true);
  word(8, "WAVEfmt ");
  // PCM, one channel, samples and bytes a second, bytes and bits of a sample.
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, decoded.length * 2, true);
  for (let n = 0; n < decoded.length; n++) {
    const sum = channels.reduce((all, channel) => all + (channel[n] ?? 0), 0) / channels.length;
    view.setInt16(44 + n * 2, Math.max(-1, Math.min(1, sum)) * 32_767, true);
  }
  return new Blob([view.buffer], { type: "audio/wav" });
}
