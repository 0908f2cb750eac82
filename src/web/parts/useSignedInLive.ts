import { useEffect } from "react";
import { api, codeOf } from "../client/http.ts";
import { useLive } from "./useLive.ts";
import type { Gate } from "./WithSession.tsx";

/**
 * What the live link tells a page for who is signed in. When the session has ended the sign-in form comes: the server says so, or, to a link that
 * opens later, nothing but how the line stands, and the page would go on showing what it knew before.
 */
export function useSignedInLive({ reload }: Gate) {
  const { state } = useLive();
  const { link, refusal } = state;
  useEffect(() => {
    if (refusal === "LOGIN_NEEDED") return void reload();
    if (link !== "open") return;
    // Anything else than that leaves the page as it is.
    api.session().catch((thrown: unknown) => {
      if (codeOf(thrown) === "LOGIN_NEEDED") void reload();
    });
  }, [link, refusal, reload]);
  return state;
}
