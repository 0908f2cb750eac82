/**
 * Leaves only A-law and telephone events at 8 kHz in the audio of a session description (RFC 8866), so that the sound stays
 * A-law from the telephone network to the browser and nothing is transcoded. A description without A-law is left as it is:
 * then the other side decides.
 */
export function onlyAlaw(sdp: string): string {
  return sdp
    .split(/^(?=m=)/m)
    .map((section) => (section.startsWith("m=audio ") ? onlyAlawAudio(section) : section))
    .join("");
}

function onlyAlawAudio(section: string): string {
  const lines = section.split("\r\n");
  const [kind, port, protocol, ...offered] = (lines[0] ?? "").split(" ");
  const named = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  // PCMA has the static payload type 8 (RFC 3551), with or without its rtpmap line.
  const alaw = offered.includes("8") ? ["8"] : named(/^a=rtpmap:(\d+) PCMA\/8000/i);
  if (alaw.length === 0) return section;
  const kept = [...alaw, ...named(/^a=rtpmap:(\d+) telephone-event\/8000/i)];
  const rest = lines.slice(1).filter((line) => {
    const payload = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+)/.exec(line)?.[1];
    return payload === undefined || kept.includes(payload);
  });
  return [[kind, port, protocol, ...kept].join(" "), ...rest].join("\r\n");
}
