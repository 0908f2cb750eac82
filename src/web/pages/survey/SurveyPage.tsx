import i18next from "i18next";
import { type ReactNode, useEffect, useState } from "react";
import type { SurveyReply } from "../../../api/contract.ts";
import type { Text } from "../../../core/plan/plan.ts";
import { api, codeOf } from "../../client/http.ts";
import { Button } from "../../parts/Button.tsx";
import { ErrorNotice, Notice } from "../../parts/Notice.tsx";
import { Page } from "../../parts/Page.tsx";
import { useText } from "../../text/text.ts";
import { Both } from "./Both.tsx";
import { SurveyForm } from "./SurveyForm.tsx";
import { say } from "./say.ts";
import "./survey.css";

/** Stands after # in the link, so that no server's log of addresses has it. */
const token = location.hash.slice(1);

type State =
  | { readonly is: "loading" | "thanked" | "closed" }
  | { readonly is: "failed"; readonly code: string }
  | { readonly is: "open"; readonly survey: SurveyReply };

/** A few questions after a call, for whoever got the link by text message. No log-in. */
export default function SurveyPage() {
  const { t } = useText();
  const [state, setState] = useState<State>({ is: "loading" });
  const [twice, setTwice] = useState(false);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks again
  useEffect(() => void open(), [round]);

  async function open(): Promise<void> {
    try {
      const survey = await api.survey(token);
      // For this page alone: what a member of staff has chosen on the same machine stays.
      void i18next.changeLanguage(survey.language ?? "sv");
      setTwice(survey.language === null);
      setState({ is: "open", survey });
    } catch (thrown) {
      failed(codeOf(thrown));
    }
  }
  /** REQUEST_INVALID: what stands in the address is no token at all. */
  const failed = (code: string): void =>
    setState(code === "NOT_FOUND" || code === "REQUEST_INVALID" ? { is: "closed" } : { is: "failed", code });
  const both = (text: Text): ReactNode => <Both text={text} twice={twice} />;
  const retry = <Button onPress={() => setRound(round + 1)}>{t("retry")}</Button>;

  return (
    <Page title={t("title.survey")} layout="page survey-page stack">
      <h1>{both(say("heading"))}</h1>
      {state.is === "loading" && <p className="soft">{t("loading")}</p>}
      {state.is === "open" && (
        <SurveyForm
          survey={state.survey}
          both={both}
          send={(answers) => api.answerSurvey({ token, answers })}
          onSent={() => setState({ is: "thanked" })}
          onClosed={() => setState({ is: "closed" })}
        />
      )}
      {state.is === "failed" && <ErrorNotice code={state.code} actions={retry} />}
      {state.is === "closed" && (
        <Notice kind="plain">
          <p>
            <Both text={say("closed")} twice />
          </p>
        </Notice>
      )}
      <p role="status" className="survey-thanks">
        {state.is === "thanked" && both(say("thanks"))}
      </p>
    </Page>
  );
}
