import type { Duplex } from "node:stream";

/**
 * Reads lines of UTF-8 from a socket, as they come in. A socket whose line grows beyond `maxChars` is destroyed with an
 * error. Lines stop when the socket is destroyed, also in the middle of what was read.
 */
export function onLines(socket: Duplex, maxChars: number, onLine: (line: string) => void): void {
  let begun = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    let start = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", start)) {
      const line = begun + chunk.slice(start, end);
      begun = "";
      start = end + 1;
      onLine(line);
      if (socket.destroyed) return;
    }
    begun += chunk.slice(start);
    if (begun.length > maxChars) socket.destroy(new Error(`A line is longer than ${maxChars} characters.`));
  });
}
