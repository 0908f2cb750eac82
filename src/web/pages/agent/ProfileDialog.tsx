import { useEffect, useRef, useState } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { AgentProfileReply, PlanReply } from "../../../api/contract.ts";
import type { Competence } from "../../../core/routing/types.ts";
import { api, codeOf } from "../../client/http.ts";
import { Button } from "../../parts/Button.tsx";
import { DataTable } from "../../parts/DataTable.tsx";
import { LanguageLevels } from "../../parts/LanguageLevels.tsx";
import { ErrorNotice } from "../../parts/Notice.tsx";
import { useText } from "../../text/text.ts";

interface Known {
  readonly profile: AgentProfileReply;
  readonly plan: PlanReply;
}

/** What the agent brings: languages to set, and the rest to see. Each change is saved at once, so that a call may close it. */
export function ProfileDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const { known, problem, saved, setLanguages } = useProfile();
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className="modal wide">
        <Dialog className="stack">
          <Heading slot="title">{t("profile.heading")}</Heading>
          {problem !== null && <ErrorNotice code={problem} />}
          {known === null && problem === null && <p className="soft">{t("loading")}</p>}
          {known !== null && (
            <>
              <section className="stack tight" aria-labelledby="profile-languages">
                <h3 id="profile-languages">{t("competence.languages")}</h3>
                <p className="soft">{t("profile.languagesText")}</p>
                <LanguageLevels
                  value={known.profile.competence.languages}
                  languages={known.plan.languages}
                  onChange={setLanguages}
                />
                <p role="status" className="free">
                  {saved && t("profile.saved")}
                </p>
              </section>
              <Rest known={known} />
            </>
          )}
          <div className="row">
            <Button primary onPress={onClose} shortcut="Esc">
              {t("close")}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What the agent's lead decides. */
function Rest({ known: { profile, plan } }: { known: Known }) {
  const { t, pick } = useText();
  const { skills, districts, site } = profile.competence;
  const nameOf = (id: string) => {
    const group = plan.groups.find((group) => group.id === id);
    return group === undefined ? id : pick(group.name);
  };
  return (
    <section className="stack tight" aria-labelledby="profile-subjects">
      <h3 id="profile-subjects">{t("competence.subjects")}</h3>
      <p className="soft">{t("profile.leadText")}</p>
      {skills.length === 0 && <p>{t("agent.groups.empty")}</p>}
      {skills.length > 0 && (
        <DataTable
          caption={t("competence.subjects")}
          hideCaption
          rows={skills}
          rowKey={({ group }) => group}
          columns={[
            { key: "group", title: t("competence.subject"), head: true, cell: ({ group }) => nameOf(group) },
            { key: "level", title: t("competence.level"), cell: ({ level }) => t(`competence.levels.${level}`) },
            { key: "line", title: t("competence.line"), cell: ({ line }) => t(`competence.lines.${line}`) },
          ]}
        />
      )}
      <dl className="facts">
        <dt>{t("competence.districts")}</dt>
        <dd>{districts.length === 0 ? t("competence.noDistrict") : districts.join(", ")}</dd>
        <dt>{t("competence.site")}</dt>
        <dd>{site === "" ? t("competence.noSite") : site}</dd>
      </dl>
    </section>
  );
}

/** The profile as the server has it; a change shows at once, and is undone when the server does not take it. */
function useProfile() {
  const [known, setKnown] = useState<Known | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  /** One at a time, in order: the last word counts. */
  const sending = useRef(Promise.resolve());

  useEffect(() => {
    Promise.all([api.profile(), api.plan()]).then(
      ([profile, plan]) => setKnown({ profile, plan }),
      (thrown: unknown) => setProblem(codeOf(thrown)),
    );
  }, []);

  const setLanguages = (languages: Competence["languages"]) => {
    const show = (profile: AgentProfileReply) => setKnown((now) => now && { ...now, profile });
    setSaved(false);
    setKnown((now) => now && { ...now, profile: withLanguages(now.profile, languages) });
    sending.current = sending.current.then(async () => {
      try {
        await api.setLanguages(languages);
        setProblem(null);
        setSaved(true);
      } catch (thrown) {
        setProblem(codeOf(thrown));
        await api.profile().then(show, () => {});
      }
    });
  };
  return { known, problem, saved, setLanguages };
}

function withLanguages(profile: AgentProfileReply, languages: Competence["languages"]): AgentProfileReply {
  return { ...profile, competence: { ...profile.competence, languages } };
}
