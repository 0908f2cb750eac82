import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KontaktlotsError } from "../../core/errors.ts";
import type { AriAddress } from "./link.ts";

/** How long Asterisk may take to hand a recording over, ms. */
const limitMs = 5_000;

/** A recording that Asterisk has, as a file in `folder`; Asterisk's own folder is not for us to read. Errors: ARI_REFUSED, ARI_TIMEOUT. */
export async function fetchRecording({ url, username, password }: AriAddress, name: string, folder: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const address = `${url}/recordings/stored/${encodeURIComponent(name)}/file`;
  try {
    const reply = await fetch(address, { headers: { authorization }, signal: AbortSignal.timeout(limitMs) });
    if (!reply.ok) {
      const what = `Asterisk has no recording ${name}: ${reply.status}`;
      throw new KontaktlotsError("ARI_REFUSED", what, "See Asterisk's log.", { name, status: reply.status });
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${name}.wav`);
    await writeFile(file, Buffer.from(await reply.arrayBuffer()), { mode: 0o600 });
    return file;
  } catch (error) {
    if (error instanceof KontaktlotsError) throw error;
    throw new KontaktlotsError(
      "ARI_TIMEOUT",
      `Asterisk did not hand over the recording ${name}.`,
      "Record it again.",
      { name },
      error,
    );
  }
}
