import { spawn } from "node:child_process";
import { KontaktlotsError } from "../../core/errors.ts";

/** A prompt takes a tenth of a second to make; what takes this long hangs. */
const longestMs = 30_000;
/** Ten minutes of sound at 48 kHz. */
const mostBytes = 64_000_000;

/**
 * Runs a program without a shell: `input` goes to its standard input, what it writes comes back.
 *
 * @throws PROMPT_FAILED when it is not installed (and says what to install), fails, hangs, or writes without end.
 */
export function runTool(program: string, args: readonly string[], input: Buffer = Buffer.alloc(0)): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Not spawn's own timeout: its timer outlives a program that could not be started.
    const signal = AbortSignal.timeout(longestMs);
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], signal, killSignal: "SIGKILL" });
    const written: Buffer[] = [];
    let bytes = 0;
    let complaint = "";
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > mostBytes) child.kill("SIGKILL");
      else written.push(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-1_000);
    });
    // A program that ends before it has read everything tells why by its exit code.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.once("error", (error) => reject(noResult(program, error)));
    child.once("close", (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(written));
      const why = complaint.trim().split("\n").at(-1) || (signal ? `ended by ${signal}` : `ended with code ${code}`);
      reject(new KontaktlotsError("PROMPT_FAILED", `${program}: ${why}`, `Try ${program} by hand.`, { args, code, signal }));
    });
  });
}

function noResult(program: string, error: Error): KontaktlotsError {
  const details = { program };
  if (error.name === "AbortError") {
    const what = `${program} was still at it after ${longestMs / 1000} s.`;
    return new KontaktlotsError("PROMPT_FAILED", what, `Try ${program} by hand.`, details, error);
  }
  const missing = "code" in error && error.code === "ENOENT";
  const what = missing ? `${program} is not installed.` : `${program} does not start: ${error.message}.`;
  return new KontaktlotsError("PROMPT_FAILED", what, "Install what speaks: apt-get install -y espeak-ng sox", details, error);
}
