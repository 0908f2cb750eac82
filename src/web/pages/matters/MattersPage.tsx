import { useCallback, useEffect, useRef, useState } from "react";
import type { MatterReply, MattersReply, PlanReply } from "../../../api/contract.ts";
import { api, codeOf } from "../../client/http.ts";
import { Button } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Choice.tsx";
import { ErrorNotice, Notice } from "../../parts/Notice.tsx";
import { Page } from "../../parts/Page.tsx";
import { type Gate, WithSession } from "../../parts/WithSession.tsx";
import { useText } from "../../text/text.ts";
import { MatterTable } from "./MatterTable.tsx";
import "./matters.css";

/** What calls have left behind: messages to listen to, and callbacks that reached nobody. With ?matter=NUMBER that one alone. */
export default function MattersPage() {
  const { t } = useText();
  return <WithSession title={t("title.matters")}>{(gate) => <Matters gate={gate} />}</WithSession>;
}

interface Known extends MattersReply {
  readonly plan: PlanReply;
}

function Matters({ gate }: { gate: Gate }) {
  const { t } = useText();
  const allowed = gate.session.roles.some((role) => role === "lead" || role === "admin");
  const asked = new URLSearchParams(location.search).get("matter");
  const [open, setOpen] = useState(true);
  const [known, setKnown] = useState<Known | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const { reload } = gate;

  const failed = useCallback(
    (thrown: unknown) => {
      const code = codeOf(thrown);
      if (code === "LOGIN_NEEDED") void reload();
      else setProblem(code);
    },
    [reload],
  );
  /** Counts what was asked: an answer that comes after a later question is nobody's any more. */
  const asking = useRef(0);
  const load = useCallback(async () => {
    asking.current += 1;
    const mine = asking.current;
    setProblem(null);
    try {
      const one = async (number: string) => ({ matters: [await api.matter(number)], more: false });
      const [listed, plan] = await Promise.all([asked === null ? api.matters({ open }) : one(asked), api.plan()]);
      if (mine === asking.current) setKnown({ ...listed, plan });
    } catch (thrown) {
      if (mine === asking.current) failed(thrown);
    }
  }, [asked, open, failed]);
  useEffect(() => {
    if (allowed) void load();
  }, [allowed, load]);

  const older = async (before: string) => {
    try {
      const mine = asking.current;
      const more = await api.matters({ open, before });
      if (mine !== asking.current) return;
      setKnown((now) => now && { ...now, ...more, matters: [...now.matters, ...more.matters] });
    } catch (thrown) {
      failed(thrown);
    }
  };
  const setStatus = async (number: string, status: MatterReply["status"]) => {
    setProblem(null);
    setSaid("");
    try {
      const changed = await api.setMatterStatus(number, status);
      // One that is done stays where it is until the list is asked for anew: nothing jumps.
      setKnown((now) => now && { ...now, matters: now.matters.map((one) => (one.number === number ? changed : one)) });
      setSaid(t("matters.saved", { number, status: t(`matters.statuses.${status}`) }));
    } catch (thrown) {
      failed(thrown);
    }
  };

  const last = known?.matters.at(-1)?.number;
  return (
    <Page title={t("title.matters")} layout="page stack">
      <h1>{t("matters.heading")}</h1>
      {!allowed && (
        <Notice kind="plain" actions={<Button onPress={() => void gate.signOut()}>{t("signIn.out")}</Button>}>
          <p>{t("matters.noAccess", { name: gate.session.name })}</p>
        </Notice>
      )}
      {allowed && <p className="lead">{t("matters.lead")}</p>}
      {allowed && asked === null && (
        <div className="matters-which">
          <Choice
            label={t("matters.which")}
            value={open ? "open" : "all"}
            choices={[
              { id: "open", name: t("matters.open") },
              { id: "all", name: t("matters.all") },
            ]}
            onChange={(id) => setOpen(id === "open")}
          />
        </div>
      )}
      {allowed && asked !== null && (
        <p>
          <a href="/matters">{t("matters.all")}</a>
        </p>
      )}
      <p role="status" className="free">
        {said}
      </p>
      {problem !== null && <ErrorNotice code={problem} actions={<Button onPress={() => void load()}>{t("retry")}</Button>} />}
      {allowed && known === null && problem === null && <p className="soft">{t("loading")}</p>}
      {known?.matters.length === 0 && <p className="soft">{t(open ? "matters.emptyOpen" : "matters.empty")}</p>}
      {known !== null && known.matters.length > 0 && (
        <MatterTable {...known} setStatus={(number, status) => void setStatus(number, status)} />
      )}
      {known?.more && last !== undefined && (
        <div className="row">
          <Button onPress={() => void older(last)}>{t("matters.older")}</Button>
        </div>
      )}
    </Page>
  );
}
