import type { MatterReply, PlanReply } from "../../../api/contract.ts";
import { Choice } from "../../parts/Choice.tsx";
import { DataTable } from "../../parts/DataTable.tsx";
import { clockTime, dateLocale, phoneNumber } from "../../text/format.ts";
import { useText } from "../../text/text.ts";

const statuses = ["received", "in-progress", "waiting-for-you", "done"] as const;

interface MatterTableProps {
  readonly matters: readonly MatterReply[];
  readonly plan: PlanReply;
  readonly setStatus: (number: string, status: MatterReply["status"]) => void;
}

/** Matters, the newest first, each with its message to listen to and its status to change. */
export function MatterTable({ matters, plan, setStatus }: MatterTableProps) {
  const { t, pick, language } = useText();
  const groupName = (id: string): string => {
    const group = plan.groups.find((one) => one.id === id);
    return group ? pick(group.name) : id;
  };
  const when = new Intl.DateTimeFormat(dateLocale(language), { dateStyle: "medium", timeStyle: "short" });
  const choices = statuses.map((id) => ({ id, name: t(`matters.statuses.${id}`) }));
  return (
    <DataTable
      caption={t("matters.heading")}
      hideCaption
      rows={matters}
      rowKey={({ number }) => number}
      columns={[
        {
          key: "number",
          title: t("matters.number"),
          head: true,
          cell: ({ number, code }) => (
            <>
              {number}
              <span className="soft small matter-code">{t("matters.code", { code })}</span>
            </>
          ),
        },
        { key: "when", title: t("matters.when"), cell: ({ createdAt }) => when.format(createdAt) },
        {
          key: "whose",
          title: t("matters.whose"),
          cell: ({ group, officer }) => (officer === undefined ? groupName(group) : `${officer}, ${groupName(group)}`),
        },
        {
          key: "from",
          title: t("matters.from"),
          cell: ({ from }) => (from === null ? t("matters.withheld") : <a href={`tel:${from}`}>{phoneNumber(from)}</a>),
        },
        { key: "what", title: t("matters.what"), cell: (matter) => <What matter={matter} /> },
        {
          key: "status",
          title: t("matters.status"),
          cell: ({ number, status }) => (
            <Choice
              label={t("matters.statusOf", { number })}
              hideLabel
              value={status}
              choices={choices}
              onChange={(id) => {
                const chosen = statuses.find((one) => one === id);
                if (chosen) setStatus(number, chosen);
              }}
            />
          ),
        },
      ]}
    />
  );
}

function What({ matter: { number, kind, sound, ms = 0 } }: { matter: MatterReply }) {
  const { t } = useText();
  if (sound !== "kept") {
    const more = sound === "awaited" ? t("matters.awaited") : t("matters.none");
    return <span className="matter-what">{sound === undefined ? t(`matters.${kind}`) : `${t(`matters.${kind}`)}. ${more}`}</span>;
  }
  return (
    <span className="matter-what">
      {t(`matters.${kind}`)}, {clockTime(ms)}
      {/* biome-ignore lint/a11y/useMediaCaption: what strangers say on the telephone has no text */}
      <audio controls preload="none" src={`/api/matters/${number}/sound`} aria-label={t("matters.listen", { number })} />
    </span>
  );
}
