import type { AgentProfileReply, AgentsReply, PlanReply } from "../../../api/contract.ts";
import type { Line } from "../../../core/routing/types.ts";
import { DataTable } from "../../parts/DataTable.tsx";
import { languageName } from "../../text/format.ts";
import { useText } from "../../text/text.ts";

/** All agents with what they bring; each name leads to the form. */
export function AgentList({ agents, plan }: AgentsReply & { readonly plan: PlanReply }) {
  const { t, pick, language } = useText();
  const names = new Map(plan.groups.map(({ id, name }) => [id, pick(name)]));

  const subjects = ({ competence: { skills } }: AgentProfileReply, asked: Line) => {
    const own = skills.filter(({ line }) => line === asked);
    if (own.length === 0) return "–";
    // Everything at one level is said in a word, or the row would be longer than the screen.
    if (own.length === plan.groups.length && own.every(({ level }) => level === own[0]?.level)) {
      return t("competence.everything", { level: own[0]?.level });
    }
    return own
      .toSorted((a, b) => b.level - a.level)
      .map(({ group, level }) => `${names.get(group) ?? group} ${level}`)
      .join(" · ");
  };
  const languages = ({ competence }: AgentProfileReply) =>
    plan.languages
      .filter((code) => code in competence.languages)
      .map((code) => languageName(code, language))
      .join(", ") || "–";

  if (agents.length === 0) return <p>{t("competence.empty")}</p>;
  return (
    <>
      <p className="soft">{t("competence.lead")}</p>
      <DataTable
        caption={t("competence.heading")}
        hideCaption
        rows={agents}
        rowKey={({ id }) => id}
        columns={[
          {
            key: "name",
            title: t("competence.name"),
            head: true,
            cell: ({ id, name }) => <a href={`/competence?${new URLSearchParams({ agent: id })}`}>{name}</a>,
          },
          { key: "first", title: t("competence.lines.1"), cell: (agent) => subjects(agent, 1) },
          { key: "second", title: t("competence.lines.2"), cell: (agent) => subjects(agent, 2) },
          { key: "languages", title: t("competence.languages"), cell: languages },
          {
            key: "districts",
            title: t("competence.districts"),
            cell: ({ competence }) => competence.districts.join(", ") || "–",
          },
          { key: "site", title: t("competence.site"), cell: ({ competence }) => competence.site || "–" },
        ]}
      />
    </>
  );
}
