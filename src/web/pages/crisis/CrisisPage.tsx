import { useCallback, useEffect, useState } from "react";
import type { PlanReply } from "../../../api/contract.ts";
import { api, codeOf } from "../../client/http.ts";
import { Button } from "../../parts/Button.tsx";
import { ErrorNotice, Notice } from "../../parts/Notice.tsx";
import { Page } from "../../parts/Page.tsx";
import { useSignedInLive } from "../../parts/useSignedInLive.ts";
import { type Gate, WithSession } from "../../parts/WithSession.tsx";
import { useText } from "../../text/text.ts";
import { AnnouncementForm } from "./AnnouncementForm.tsx";
import { InForce } from "./InForce.tsx";
import "./crisis.css";

/** What all callers hear on top of the rest: set and cleared. For leads and administrators. */
export default function CrisisPage() {
  const { t } = useText();
  return <WithSession title={t("title.crisis")}>{(gate) => <Crisis gate={gate} />}</WithSession>;
}

function Crisis({ gate }: { gate: Gate }) {
  const { t } = useText();
  const state = useSignedInLive(gate);
  const allowed = gate.session.roles.some((role) => role === "lead" || role === "admin");
  const [plan, setPlan] = useState<PlanReply | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(async () => {
    setProblem(null);
    try {
      setPlan(await api.plan());
    } catch (thrown) {
      setProblem(codeOf(thrown));
    }
  }, []);
  useEffect(() => {
    if (allowed) void load();
  }, [allowed, load]);
  const { board, lostAt } = state;
  return (
    <Page title={t("title.crisis")} layout="page stack crisis">
      <h1>{t("crisis.heading")}</h1>
      {!allowed && (
        <Notice kind="plain" actions={<Button onPress={() => void gate.signOut()}>{t("signIn.out")}</Button>}>
          <p>{t("crisis.noAccess", { name: gate.session.name })}</p>
        </Notice>
      )}
      {lostAt !== null && <ErrorNotice code="LINE_LOST" />}
      {problem !== null && <ErrorNotice code={problem} actions={<Button onPress={() => void load()}>{t("retry")}</Button>} />}
      {allowed && plan === null && problem === null && <p className="soft">{t("loading")}</p>}
      {plan !== null && board !== null && <InForce announcements={board.announcements} plan={plan} />}
      {plan !== null && <AnnouncementForm plan={plan} full={(board?.announcements.length ?? 0) >= 3} />}
    </Page>
  );
}
