import { recordingId } from "../core/call/ids.ts";
import { KontaktlotsError } from "../core/errors.ts";

/** What Asterisk has recorded, asked for over HTTP: of any Asterisk, this machine's or another's, and by any process. */
export interface StoredRecordings {
  /** The file as it is; undefined: there is none. Errors: ASTERISK_UNREACHABLE, ARI_REFUSED. */
  fetch(call: string, recording: number): Promise<Uint8Array | undefined>;
  /** Also when there is none. Errors: as `fetch`. */
  remove(call: string, recording: number): Promise<void>;
}

const patienceMs = 10_000;

/** `url`: as "http://127.0.0.1:8088/ari". */
export function storedRecordings(ari: {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}): StoredRecordings {
  const authorization = `Basic ${Buffer.from(`${ari.username}:${ari.password}`).toString("base64")}`;
  const ask = async (method: "GET" | "DELETE", call: string, recording: number, rest: string): Promise<Response | undefined> => {
    const what = `recordings/stored/${encodeURIComponent(recordingId(call, recording))}${rest}`;
    let response: Response;
    try {
      const signal = AbortSignal.timeout(patienceMs);
      response = await fetch(`${ari.url}/${what}`, { method, headers: { authorization }, signal });
    } catch (error) {
      throw new KontaktlotsError("ASTERISK_UNREACHABLE", "Asterisk does not answer.", "It is tried again by itself.", {}, error);
    }
    if (response.ok) return response;
    await response.body?.cancel();
    if (response.status === 404) return undefined;
    throw new KontaktlotsError("ARI_REFUSED", `Asterisk refused ${method} ${what}: ${response.status}.`, "See Asterisk's log.");
  };
  return {
    async fetch(call, recording) {
      const response = await ask("GET", call, recording, "/file");
      return response && new Uint8Array(await response.arrayBuffer());
    },
    async remove(call, recording) {
      await ask("DELETE", call, recording, "");
    },
  };
}
