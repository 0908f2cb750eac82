import { useCallback, useEffect, useState } from "react";
import type { SessionReply } from "../../api/contract.ts";
import { api, codeOf } from "../client/http.ts";

export type SessionState =
  | { readonly is: "loading" }
  | { readonly is: "out" }
  | { readonly is: "in"; readonly session: SessionReply }
  | { readonly is: "failed"; readonly code: string };

/** Who is signed in; `signedIn` takes what the sign-in form got, `reload` asks again. */
export function useSession() {
  const [state, setState] = useState<SessionState>({ is: "loading" });
  const reload = useCallback(async () => {
    try {
      setState({ is: "in", session: await api.session() });
    } catch (thrown) {
      const code = codeOf(thrown);
      setState(code === "LOGIN_NEEDED" ? { is: "out" } : { is: "failed", code });
    }
  }, []);
  useEffect(() => void reload(), [reload]);
  const signedIn = (session: SessionReply) => setState({ is: "in", session });
  const signOut = async () => {
    await api.signOut().catch(() => {});
    setState({ is: "out" });
  };
  return { state, reload, signedIn, signOut };
}
