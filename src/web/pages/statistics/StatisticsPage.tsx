import { useEffect, useState } from "react";
import type { PlanReply, StatisticsReply } from "../../../api/contract.ts";
import { api, codeOf } from "../../client/http.ts";
import { Button } from "../../parts/Button.tsx";
import { ErrorNotice, Notice } from "../../parts/Notice.tsx";
import { Page } from "../../parts/Page.tsx";
import { type Gate, WithSession } from "../../parts/WithSession.tsx";
import { useText } from "../../text/text.ts";
import { Chooser, type Question } from "./Chooser.tsx";
import { periodOf, today, validPeriod } from "./period.ts";
import { Report } from "./Report.tsx";
import "./statistics.css";

/** Availability per group and week, first-contact resolution and service level, with what each figure is made of. */
export default function StatisticsPage() {
  const { t } = useText();
  return <WithSession title={t("title.statistics")}>{(gate) => <Statistics gate={gate} />}</WithSession>;
}

/** The question stands in the address, so that an answer can be sent to a colleague. */
function questionOfAddress(): Question {
  const query = new URLSearchParams(location.search);
  const asked = { from: query.get("from") ?? "", to: query.get("to") ?? "" };
  const group = query.get("group") ?? "";
  if (validPeriod(asked)) return { ...asked, preset: "own", group };
  return { ...periodOf("fourWeeks", today(Date.now())), preset: "fourWeeks", group };
}

/** The same answer, as a file. */
function fileOf({ from, to, group }: Question, language: string): string {
  return `/api/statistics.csv?${new URLSearchParams({ from, to, language, ...(group === "" ? {} : { group }) })}`;
}

type Answer = { readonly reply: StatisticsReply } | { readonly problem: string } | null;

function Statistics({ gate }: { gate: Gate }) {
  const { t, language } = useText();
  const allowed = gate.session.roles.some((role) => role === "lead" || role === "admin");
  const [question, setQuestion] = useState(questionOfAddress);
  const [plan, setPlan] = useState<PlanReply | null>(null);
  const [answer, setAnswer] = useState<Answer>(null);
  const [tries, setTries] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new try asks the same again
  useEffect(() => {
    if (!allowed) return;
    let current = true;
    const { from, to, group } = question;
    history.replaceState(null, "", `?${new URLSearchParams({ from, to, ...(group === "" ? {} : { group }) })}`);
    Promise.all([plan ?? api.plan(), api.statistics(from, to, group === "" ? undefined : group)]).then(
      ([plan, reply]) => {
        if (!current) return;
        setPlan(plan);
        setAnswer({ reply });
      },
      (thrown: unknown) => {
        const problem = codeOf(thrown);
        if (problem === "LOGIN_NEEDED") void gate.reload();
        else if (current) setAnswer({ problem });
      },
    );
    return () => {
      current = false;
    };
  }, [allowed, question, tries]);

  return (
    <Page title={t("title.statistics")} layout="page stack statistics">
      <h1>{t("statistics.heading")}</h1>
      {!allowed && (
        <Notice kind="plain" actions={<Button onPress={() => void gate.signOut()}>{t("signIn.out")}</Button>}>
          <p>{t("signIn.noAccess", { name: gate.session.name })}</p>
        </Notice>
      )}
      {allowed && <Chooser groups={plan?.groups ?? []} question={question} onAsk={setQuestion} />}
      {allowed && answer === null && <p className="soft">{t("loading")}</p>}
      {answer !== null && "problem" in answer && (
        <ErrorNotice code={answer.problem} actions={<Button onPress={() => setTries(tries + 1)}>{t("retry")}</Button>} />
      )}
      {answer !== null && "reply" in answer && (
        <p>
          <a href={fileOf(question, language)} download>
            {t("statistics.file")}
          </a>
        </p>
      )}
      {answer !== null && "reply" in answer && <Report reply={answer.reply} groups={plan?.groups ?? []} />}
    </Page>
  );
}
