import { useEffect } from "react";
import { ErrorNotice } from "../../parts/Notice.tsx";
import { Page } from "../../parts/Page.tsx";
import type { Gate } from "../../parts/WithSession.tsx";
import { useText } from "../../text/text.ts";
import { Announcer } from "./Announcer.tsx";
import { CallPanel } from "./CallPanel.tsx";
import { DeskFoot } from "./DeskFoot.tsx";
import { GroupPanel } from "./GroupPanel.tsx";
import { Notices } from "./Notices.tsx";
import { OutcomePanel } from "./OutcomePanel.tsx";
import { SecondTab } from "./SecondTab.tsx";
import { TopBar } from "./TopBar.tsx";
import { useDesk } from "./useDesk.ts";

/** The agent desk: top bar, the call, its outcome, the agent's groups. */
export function DeskPage({ gate }: { gate: Gate }) {
  const { t } = useText();
  const parts = useDesk();
  const { live, situation } = parts;
  const ringing = situation.phase === "ringing";

  // Signed out elsewhere: the form comes, but not in the middle of a talk.
  const signedOut = live.refusal === "LOGIN_NEEDED" || parts.phone.problem === "LOGIN_NEEDED";
  const free = situation.talk === null;
  const { reload } = gate;
  useEffect(() => {
    if (signedOut && free) void reload();
  }, [signedOut, free, reload]);

  const signOut = async () => {
    if (await parts.act.command({ type: "sign-out" })) await gate.signOut();
  };

  const elsewhere = live.refusal === "AGENT_SECOND_TAB" || live.taken;
  return (
    <Page
      title={t(ringing ? "title.ringing" : "title.agent")}
      layout="page desk"
      bar={elsewhere ? null : <TopBar parts={parts} onSignOut={() => void signOut()} />}
    >
      <h1 className="hidden-text">{t("agent.heading")}</h1>
      <Announcer parts={parts} />
      {elsewhere && <SecondTab parts={parts} />}
      {live.refusal === "ROLE_NEEDED" && <ErrorNotice code="ROLE_NEEDED" />}
      {signedOut && !free && <ErrorNotice code="LOGIN_NEEDED" />}
      {!elsewhere && <Notices parts={parts} />}
      {(!elsewhere || !free) && (
        <div className="desk-panels">
          <CallPanel parts={parts} />
          <OutcomePanel parts={parts} />
        </div>
      )}
      {!elsewhere && <GroupPanel live={live} />}
      {!elsewhere && <DeskFoot parts={parts} />}
    </Page>
  );
}
