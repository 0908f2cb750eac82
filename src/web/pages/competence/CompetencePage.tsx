import { useCallback, useEffect, useState } from "react";
import type { AgentsReply, PlanReply } from "../../../api/contract.ts";
import { api, codeOf } from "../../client/http.ts";
import { Button } from "../../parts/Button.tsx";
import { ErrorNotice, Notice } from "../../parts/Notice.tsx";
import { Page } from "../../parts/Page.tsx";
import { type Gate, WithSession } from "../../parts/WithSession.tsx";
import { useText } from "../../text/text.ts";
import { AgentForm } from "./AgentForm.tsx";
import { AgentList } from "./AgentList.tsx";
import "./competence.css";

/** Who can do what: all agents, or with ?agent=ID the form of one. For leads and administrators. */
export default function CompetencePage() {
  const { t } = useText();
  return <WithSession title={t("title.competence")}>{(gate) => <Competence gate={gate} />}</WithSession>;
}

type Known = AgentsReply & { readonly plan: PlanReply };

function Competence({ gate }: { gate: Gate }) {
  const { t } = useText();
  const allowed = gate.session.roles.some((role) => role === "lead" || role === "admin");
  const [known, setKnown] = useState<Known | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { reload } = gate;
  const load = useCallback(async () => {
    setProblem(null);
    try {
      const [{ agents }, plan] = await Promise.all([api.agents(), api.plan()]);
      setKnown({ agents, plan });
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code === "LOGIN_NEEDED") void reload();
      else setProblem(code);
    }
  }, [reload]);
  useEffect(() => {
    if (allowed) void load();
  }, [allowed, load]);

  const asked = new URLSearchParams(location.search).get("agent");
  const agent = known?.agents.find(({ id }) => id === asked);
  return (
    <Page title={t("title.competence")} layout="page stack">
      <h1>{agent?.name ?? t("competence.heading")}</h1>
      {!allowed && (
        <Notice kind="plain" actions={<Button onPress={() => void gate.signOut()}>{t("signIn.out")}</Button>}>
          <p>{t("competence.noAccess", { name: gate.session.name })}</p>
        </Notice>
      )}
      {problem !== null && <ErrorNotice code={problem} actions={<Button onPress={() => void load()}>{t("retry")}</Button>} />}
      {allowed && known === null && problem === null && <p className="soft">{t("loading")}</p>}
      {known !== null && asked === null && <AgentList {...known} />}
      {known !== null && asked !== null && (
        <p>
          <a href="/competence">{t("competence.all")}</a>
        </p>
      )}
      {known !== null && asked !== null && agent === undefined && <ErrorNotice code="NOT_FOUND" />}
      {known !== null && agent !== undefined && <AgentForm agent={agent} {...known} />}
    </Page>
  );
}
