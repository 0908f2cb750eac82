import { useNow } from "../../client/clock.ts";
import type { LiveState } from "../../client/live.ts";
import { SplitTable } from "../../parts/SplitTable.tsx";
import { clockTime } from "../../text/format.ts";
import { useText } from "../../text/text.ts";

/** The agent's own groups: who waits, for how long, and who is free. */
export function GroupPanel({ live }: { live: LiveState }) {
  const { t, pick } = useText();
  const now = useNow();
  const { board, agent } = live;
  const groups = board?.groups.filter(({ id }) => agent?.groups.includes(id)) ?? [];
  const known = board !== null && agent !== null;
  return (
    <section className="panel groups" aria-labelledby="groups">
      <h2 id="groups">{t("agent.groups.heading")}</h2>
      {!known && <p className="soft">{t("agent.groups.unknown")}</p>}
      {known && groups.length === 0 && <p className="soft">{t("agent.groups.empty")}</p>}
      {groups.length > 0 && (
        <SplitTable
          most={6}
          caption={t("agent.groups.heading")}
          hideCaption
          rows={groups}
          rowKey={(group) => group.id}
          columns={[
            { key: "name", title: t("agent.groups.group"), head: true, cell: (group) => pick(group.name) },
            { key: "waiting", title: t("agent.groups.waiting"), figure: true, cell: (group) => group.waiting },
            {
              key: "longest",
              title: t("agent.groups.longest"),
              figure: true,
              cell: (group) => (group.longestSince === null ? "–" : clockTime(now - group.longestSince)),
            },
            { key: "free", title: t("agent.groups.free"), figure: true, cell: (group) => group.free },
            { key: "talking", title: t("agent.groups.talking"), figure: true, cell: (group) => group.talking },
          ]}
        />
      )}
    </section>
  );
}
