import { useCallback, useEffect, useState } from "react";
import type { PhoneReply } from "../../../api/contract.ts";
import { api, codeOf } from "../../client/http.ts";
import { Button } from "../../parts/Button.tsx";
import { ErrorNotice, Notice } from "../../parts/Notice.tsx";
import { Page } from "../../parts/Page.tsx";
import { useText } from "../../text/text.ts";
import { Telephone } from "./Telephone.tsx";
import "./phone.css";

/** The citizen's demo phone. */
export default function PhonePage() {
  const { t } = useText();
  const [reply, setReply] = useState<PhoneReply | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(async () => {
    setProblem(null);
    try {
      setReply(await api.demoPhone());
    } catch (thrown) {
      setProblem(codeOf(thrown));
    }
  }, []);
  useEffect(() => void load(), [load]);

  return (
    <Page title={t("title.phone")} layout="page phone-page stack">
      <h1>{t("phone.heading")}</h1>
      {problem === "NOT_FOUND" && (
        <Notice kind="plain">
          <p>{t("phone.off")}</p>
        </Notice>
      )}
      {problem !== null && problem !== "NOT_FOUND" && (
        <ErrorNotice code={problem} actions={<Button onPress={() => void load()}>{t("retry")}</Button>} />
      )}
      {reply === null && problem === null && <p className="soft">{t("loading")}</p>}
      {reply !== null && (reply.numbers ?? []).length === 0 && (
        <Notice kind="plain">
          <p>{t("phone.noNumbers")}</p>
        </Notice>
      )}
      {reply !== null && (reply.numbers ?? []).length > 0 && <Telephone key={reply.tag} reply={reply} onRenewed={setReply} />}
    </Page>
  );
}
