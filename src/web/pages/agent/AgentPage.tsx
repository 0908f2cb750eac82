import { Button } from "../../parts/Button.tsx";
import { Page } from "../../parts/Page.tsx";
import { type Gate, WithSession } from "../../parts/WithSession.tsx";
import { useText } from "../../text/text.ts";
import { DeskPage } from "./DeskPage.tsx";
import "./agent.css";

/** The desk for who answers calls; for others signed in here, where to go instead. */
export default function AgentPage() {
  const { t } = useText();
  return (
    <WithSession title={t("title.agent")}>
      {(gate) => (gate.session.agent === undefined ? <NoAgent gate={gate} /> : <DeskPage gate={gate} />)}
    </WithSession>
  );
}

function NoAgent({ gate }: { gate: Gate }) {
  const { t } = useText();
  return (
    <Page title={t("title.agent")}>
      <div className="stack">
        <h1>{t("agent.heading")}</h1>
        <p>{t("signIn.noAgent", { name: gate.session.name })}</p>
        <ul className="links">
          <li>
            <a href="/statistics">{t("start.statistics")}</a>
          </li>
          <li>
            <a href="/competence">{t("competence.heading")}</a>
          </li>
          <li>
            <a href="/matters">{t("matters.heading")}</a>
          </li>
          <li>
            <a href="/live">{t("start.board")}</a>
          </li>
        </ul>
        <div className="row">
          <Button onPress={() => void gate.signOut()}>{t("signIn.out")}</Button>
        </div>
      </div>
    </Page>
  );
}
