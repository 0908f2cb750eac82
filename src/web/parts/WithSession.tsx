import type { ReactNode } from "react";
import type { SessionReply } from "../../api/contract.ts";
import { useText } from "../text/text.ts";
import { Button } from "./Button.tsx";
import { ErrorNotice } from "./Notice.tsx";
import { Page } from "./Page.tsx";
import { SignIn } from "./SignIn.tsx";
import { useSession } from "./useSession.ts";

export interface Gate {
  readonly session: SessionReply;
  readonly signOut: () => Promise<void>;
  /** Ask the server anew who is signed in: after it said LOGIN_NEEDED. */
  readonly reload: () => Promise<void>;
}

/** Shows the page to who is signed in, the sign-in form to who is not. */
export function WithSession({ title, children }: { title: string; children: (gate: Gate) => ReactNode }) {
  const { t } = useText();
  const { state, reload, signedIn, signOut } = useSession();
  if (state.is === "in") return children({ session: state.session, signOut, reload });
  return (
    <Page title={title}>
      {state.is === "loading" && <p className="soft">{t("loading")}</p>}
      {state.is === "out" && <SignIn onDone={signedIn} />}
      {state.is === "failed" && (
        <ErrorNotice code={state.code} actions={<Button onPress={() => void reload()}>{t("retry")}</Button>} />
      )}
    </Page>
  );
}
