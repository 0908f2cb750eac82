import type { GroupWeek, PlanReply, StatisticsReply } from "../../../api/contract.ts";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Notice } from "../../parts/Notice.tsx";
import { Share } from "../../parts/Share.tsx";
import { count, percent, weekOf } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import { WeekChart } from "./WeekChart.tsx";

type Total = StatisticsReply["totals"][number];

/** One answer: the whole period in three figures, a chart and a table per week, and the definitions. */
export function Report({ reply, groups }: { reply: StatisticsReply; groups: PlanReply["groups"] }) {
  const { t, pick, language } = useText();
  const nameOf = (id: string) => {
    const group = groups.find((one) => one.id === id);
    return id === "*" ? t("statistics.city") : group === undefined ? id : pick(group.name);
  };
  const whole = reply.totals.length === 1 ? reply.totals[0] : reply.totals.find(({ group }) => group === "*");
  const shown = [...new Set(reply.rows.map(({ group }) => group))];

  return (
    <div className="stack report">
      {reply.rows.length === 0 ? (
        <Notice kind="plain">
          <p>{t("statistics.empty")}</p>
        </Notice>
      ) : (
        <>
          {whole !== undefined && <Whole total={whole} name={nameOf(whole.group)} targets={reply.targets} />}
          <section className="stack" aria-labelledby="weeks">
            <h2 id="weeks">{t("statistics.chart")}</h2>
            <div className={`charts${shown.length > 1 ? " several" : ""}`}>
              {shown.map((group) => (
                <WeekChart
                  key={group}
                  name={nameOf(group)}
                  rows={reply.rows.filter((row) => row.group === group)}
                  lowest={lowestOf(reply.rows)}
                />
              ))}
            </div>
          </section>
          <section className="stack" aria-labelledby="table">
            <h2 id="table">{t("statistics.table")}</h2>
            <Weeks reply={reply} nameOf={nameOf} />
            <p className="soft small">{t("statistics.noValue")}</p>
          </section>
        </>
      )}
      <section className="stack tight" aria-labelledby="definitions">
        <h2 id="definitions">{t("statistics.definitions")}</h2>
        <dl className="definitions">
          {reply.definitions.map(({ formula, name, definition }) => (
            <div key={formula}>
              <dt>
                {pick(name)} <code className="soft small">{formula}</code>
              </dt>
              <dd>{pick(definition)}</dd>
            </div>
          ))}
        </dl>
        <p className="soft small">{t("statistics.asOf", { entry: count(reply.asOf, language) })}</p>
      </section>
    </div>
  );
}

/** Lower end of the charts' scale, the same for all of them: tens of percent, at most 80. */
function lowestOf(rows: readonly GroupWeek[]): number {
  const values = rows.flatMap(({ availability }) => availability.value ?? []);
  return Math.max(0, Math.min(80, Math.floor(Math.min(100, ...values) / 10) * 10));
}

function Whole({ total, name, targets }: { total: Total; name: string; targets: StatisticsReply["targets"] }) {
  const { t, language } = useText();
  const reached = total.fcr.value === null ? null : total.fcr.value >= targets.fcrPercent;
  const figures = [
    { title: t("statistics.availability"), ratio: total.availability, note: null },
    {
      title: t("statistics.fcr"),
      ratio: total.fcr,
      note: (
        <>
          {t("statistics.target", { value: percent(targets.fcrPercent, language) })}
          {reached !== null && (
            <span className={reached ? "free" : "wrong"}>
              {" "}
              {reached ? "✓" : "✕"} {t(reached ? "statistics.reached" : "statistics.notReached")}
            </span>
          )}
        </>
      ),
    },
    { title: t("statistics.serviceLevel", { seconds: targets.answerTargetS }), ratio: total.serviceLevel, note: null },
  ];
  return (
    <section className="stack" aria-labelledby="whole">
      <h2 id="whole">
        {name}, {t("statistics.whole").toLocaleLowerCase(language)}
      </h2>
      <dl className="wholes">
        {figures.map(({ title, ratio, note }) => (
          <div key={ratio.formula} className="panel">
            <dt>{title}</dt>
            <dd>
              <Share ratio={ratio} digits={1} />
            </dd>
            <dd className="small">
              {note} <code className="soft">{ratio.formula}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Weeks({ reply, nameOf }: { reply: StatisticsReply; nameOf: (group: string) => string }) {
  const { t, language } = useText();
  const { targets } = reply;
  const columns: readonly Column<GroupWeek>[] = [
    {
      key: "week",
      title: t("statistics.week"),
      head: true,
      cell: (row) => (
        <>
          {nameOf(row.group)}{" "}
          <span className="soft nowrap">
            {t("statistics.weekOf", { week: weekOf(row.week).week })} {weekOf(row.week).year}
          </span>
        </>
      ),
    },
    { key: "offered", title: t("statistics.offered"), figure: true, cell: (row) => count(row.offered, language) },
    { key: "answered", title: t("statistics.answered"), figure: true, cell: (row) => count(row.answered, language) },
    { key: "abandoned", title: t("statistics.abandoned"), figure: true, cell: (row) => count(row.abandoned, language) },
    { key: "availability", title: t("statistics.availability"), figure: true, cell: (row) => <Share ratio={row.availability} /> },
    { key: "fcr", title: t("statistics.fcr"), figure: true, cell: (row) => <Share ratio={row.fcr} /> },
    {
      key: "level",
      title: t("statistics.serviceLevel", { seconds: targets.answerTargetS }),
      figure: true,
      cell: (row) => <Share ratio={row.serviceLevel} />,
    },
    {
      key: "wait",
      title: t("statistics.meanWait"),
      figure: true,
      cell: (row) =>
        row.meanWaitS === null ? "–" : t("statistics.seconds", { value: count(Math.round(row.meanWaitS), language) }),
    },
  ];
  return (
    <DataTable
      caption={t("statistics.table")}
      hideCaption
      columns={columns}
      rows={reply.rows}
      rowKey={(row) => `${row.group} ${row.week}`}
    />
  );
}
