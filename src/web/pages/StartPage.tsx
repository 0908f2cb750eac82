import { ChartLine, Headset, type LucideIcon, PhoneCall } from "lucide-react";
import { useEffect, useState } from "react";
import type { DemoReply } from "../../api/contract.ts";
import { api } from "../client/http.ts";
import { DataTable } from "../parts/DataTable.tsx";
import { LineStatus } from "../parts/LineStatus.tsx";
import { Page } from "../parts/Page.tsx";
import { useLive } from "../parts/useLive.ts";
import { useText } from "../text/text.ts";

/** Three doors, whether the line is open, and the log-ins of the demonstration. */
export function StartPage() {
  const { t } = useText();
  const { state } = useLive();
  return (
    <Page title={t("title.start")} layout="page stack start">
      <div className="stack">
        <h1>{t("start.heading")}</h1>
        <p className="lead">{t("start.lead")}</p>
        <LineStatus live={state} />
      </div>
      <nav className="doors" aria-label={t("start.doors")}>
        <Door href="/phone" icon={PhoneCall} name={t("start.phone")} more={t("start.phoneMore")} />
        <Door href="/agent" icon={Headset} name={t("start.agent")} more={t("start.agentMore")} />
        <Door href="/statistics" icon={ChartLine} name={t("start.statistics")} more={t("start.statisticsMore")} />
      </nav>
      <DemoLogins />
      <p className="row">
        <a href="/live">{t("start.board")}</a>
        <a href="/competence">{t("start.competence")}</a>
        <a href="/crisis">{t("start.crisis")}</a>
      </p>
    </Page>
  );
}

function Door({ href, icon: Icon, name, more }: { href: string; icon: LucideIcon; name: string; more: string }) {
  return (
    <a className="door panel" href={href}>
      <Icon className="door-icon" aria-hidden="true" />
      <span className="door-name">{name}</span>
      <span className="soft">{more}</span>
    </a>
  );
}

/** Shown while the demonstration is on; an installation without it has nothing to show here. */
function DemoLogins() {
  const { t } = useText();
  const [logins, setLogins] = useState<DemoReply["logins"]>([]);
  useEffect(() => {
    api.demo().then(
      (reply) => setLogins(reply.logins),
      // 404: the demonstration is off. Anything else: the line above already says what is wrong.
      () => setLogins([]),
    );
  }, []);
  if (logins.length === 0) return null;
  return (
    <section className="stack tight" aria-labelledby="demo">
      <h2 id="demo">{t("start.demoHeading")}</h2>
      <p className="soft">{t("start.demoLead")}</p>
      <DataTable
        caption={t("start.demoHeading")}
        hideCaption
        rows={logins}
        rowKey={(login) => login.user}
        columns={[
          { key: "name", title: t("start.name"), head: true, cell: (login) => login.name },
          { key: "role", title: t("start.role"), cell: (login) => login.roles.map((role) => t(`role.${role}`)).join(", ") },
          { key: "user", title: t("start.user"), cell: (login) => <code>{login.user}</code> },
          { key: "password", title: t("start.password"), cell: (login) => <code>{login.password}</code> },
        ]}
      />
    </section>
  );
}
