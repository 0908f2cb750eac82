import type { ReactNode } from "react";
import type { GroupFigures, GroupWeek, PlanReply, StatisticsReply } from "../../../api/contract.ts";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Notice } from "../../parts/Notice.tsx";
import { Share } from "../../parts/Share.tsx";
import { count, percent, weekOf } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import { Surveys } from "./Surveys.tsx";
import { WeekChart } from "./WeekChart.tsx";

/** One answer: the whole period in three figures, a chart and a table per week, and the definitions. */
export function Report({ reply, groups }: { reply: StatisticsReply; groups: PlanReply["groups"] }) {
  const { t, pick, language } = useText();
  const nameOf = (id: string) => {
    const group = groups.find((one) => one.id === id);
    return id === "*" ? t("statistics.city") : group === undefined ? id : pick(group.name);
  };
  const whole = reply.totals.length === 1 ? reply.totals[0] : reply.totals.find(({ group }) => group === "*");
  const groupTotals = reply.totals.filter(({ group }) => group !== "*");
  const shown = [...new Set(reply.rows.map(({ group }) => group))];

  return (
    <div className="stack report">
      {reply.rows.length === 0 ? (
        <Notice kind="plain">
          <p>{t("statistics.empty")}</p>
        </Notice>
      ) : (
        <>
          {whole !== undefined && <Whole total={whole} name={nameOf(whole.group)} reply={reply} />}
          {groupTotals.length > 1 && (
            <section className="stack" aria-labelledby="groups">
              <h2 id="groups">{t("statistics.perGroup")}</h2>
              <FiguresTable
                caption={t("statistics.perGroup")}
                rows={groupTotals}
                rowKey={({ group }) => group}
                name={({ group }) => nameOf(group)}
                targets={reply.targets}
              />
            </section>
          )}
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
            <FiguresTable
              caption={t("statistics.table")}
              rows={reply.rows}
              rowKey={({ group, week }) => `${group} ${week}`}
              name={({ group, week }) => (
                <>
                  {nameOf(group)}{" "}
                  <span className="soft nowrap">
                    {t("statistics.weekOf", { week: weekOf(week).week })} {weekOf(week).year}
                  </span>
                </>
              )}
              targets={reply.targets}
            />
            <p className="soft small">{t("statistics.noValue")}</p>
          </section>
        </>
      )}
      <Surveys surveys={reply.surveys} nameOf={nameOf} />
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
        <Limits totals={groupTotals} nameOf={nameOf} />
        <p className="soft small">{t("statistics.asOf", { entry: count(reply.asOf, language) })}</p>
      </section>
    </div>
  );
}

/** The limits that the figures rest on: once when all groups have the same, else for each. */
function Limits({ totals, nameOf }: { totals: readonly GroupFigures[]; nameOf: (group: string) => string }) {
  const { t, language } = useText();
  const lines = totals.flatMap(({ group, details }) => {
    if (!details?.targets) return [];
    const { answerTargetS: answer, shortAbandonS: short, fcrPercent } = details.targets;
    return [{ group, text: t("statistics.limits", { answer, short, fcr: percent(fcrPercent, language) }) }];
  });
  const [first] = lines;
  if (first === undefined) return null;
  if (lines.every(({ text }) => text === first.text)) return <p>{first.text}</p>;
  return (
    <ul>
      {lines.map(({ group, text }) => (
        <li key={group}>
          <strong>{nameOf(group)}</strong> {text}
        </li>
      ))}
    </ul>
  );
}

/** Lower end of the charts' scale, the same for all of them: tens of percent, at most 80. */
function lowestOf(rows: readonly GroupWeek[]): number {
  const values = rows.flatMap(({ availability }) => availability.value ?? []);
  return Math.max(0, Math.min(80, Math.floor(Math.min(100, ...values) / 10) * 10));
}

function Whole({ total, name, reply }: { total: GroupFigures; name: string; reply: StatisticsReply }) {
  const { t, pick, language } = useText();
  const { targets, definitions } = reply;
  const { details } = total;
  const called = (formula: string): string => {
    const found = definitions.find((one) => one.formula === formula);
    return found === undefined ? formula : pick(found.name);
  };
  const seconds = (formula: string, value: number | null): string =>
    `${called(formula)} ${value === null ? "–" : t("statistics.seconds", { value: count(Math.round(value), language) })}`;
  const reached = total.fcr.value === null ? null : total.fcr.value >= targets.fcrPercent;
  const figures = [
    {
      title: t("statistics.availability"),
      ratio: total.availability,
      note: details && (
        <>
          <Further name={called(details.abandon.formula)} ratio={details.abandon} />
          <Beside details={details} />
        </>
      ),
    },
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
          {details !== undefined && details.notStated > 0 && (
            <span className="soft"> · {t("statistics.notStated", { count: details.notStated })}</span>
          )}
          {details && <Further name={called(details.fcrStrict.formula)} ratio={details.fcrStrict} />}
        </>
      ),
    },
    {
      title: t("statistics.serviceLevel", { seconds: targets.answerTargetS }),
      ratio: total.serviceLevel,
      note: details && (
        <ul className="beside soft">
          <li>{seconds("asa/1", total.meanWaitS)}</li>
          <li>{seconds("aht/1", details.meanHandlingS)}</li>
        </ul>
      ),
    },
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
            {note && <dd className="small">{note}</dd>}
            <dd className="small">
              <code className="soft">{ratio.formula}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Another view of the same calls. */
function Further({ name, ratio }: { name: string; ratio: GroupFigures["fcr"] }) {
  const { t, language } = useText();
  const [numerator, denominator] = [count(ratio.numerator, language), count(ratio.denominator, language)];
  return (
    <div className="soft">
      {name} {percent(ratio.value, language, 1)}, {t("statistics.of", { numerator, denominator })}
    </div>
  );
}

/** What is neither answered nor abandoned, and so stands beside availability. */
function Beside({ details }: { details: NonNullable<GroupFigures["details"]> }) {
  const { t } = useText();
  const { callbacks, answeredByCallback, overflowed, ledToDistrict } = details;
  const lines = [
    ...(callbacks > 0 ? [t("statistics.becameCallbacks", { count: callbacks, reached: answeredByCallback })] : []),
    ...(overflowed > 0 ? [t("statistics.overflowed", { count: overflowed })] : []),
    ...(ledToDistrict > 0 ? [t("statistics.ledToDistrict", { count: ledToDistrict })] : []),
  ];
  if (lines.length === 0) return null;
  return (
    <ul className="beside soft">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** One table for weeks and for the whole period: they differ in what names the row. */
function FiguresTable<Row extends GroupFigures>({ caption, rows, rowKey, name, targets }: FiguresTableProps<Row>) {
  const { t, language } = useText();
  const number = (value: number) => count(value, language);
  const callbacksOf = ({ details }: Row) => {
    const { callbacks = 0, answeredByCallback = 0 } = details ?? {};
    if (callbacks === 0) return "0";
    return (
      <span className="share">
        {number(callbacks)}{" "}
        <span className="soft small nowrap">{t("statistics.callbacksReached", { count: answeredByCallback })}</span>
      </span>
    );
  };
  const columns: readonly Column<Row>[] = [
    { key: "name", title: t("statistics.group"), head: true, cell: name },
    { key: "offered", title: t("statistics.offered"), figure: true, cell: (row) => number(row.offered) },
    { key: "answered", title: t("statistics.answered"), figure: true, cell: (row) => number(row.answered) },
    { key: "abandoned", title: t("statistics.abandoned"), figure: true, cell: (row) => number(row.abandoned) },
    { key: "availability", title: t("statistics.availability"), figure: true, cell: (row) => <Share ratio={row.availability} /> },
    { key: "callbacks", title: t("statistics.callbacks"), figure: true, cell: callbacksOf },
    { key: "fcr", title: t("statistics.fcr"), figure: true, cell: (row) => <Share ratio={row.fcr} /> },
    {
      key: "level",
      // The time stands in the heading only when it is that of every row.
      title: rows.every(({ details }) => (details?.targets?.answerTargetS ?? targets.answerTargetS) === targets.answerTargetS)
        ? t("statistics.serviceLevel", { seconds: targets.answerTargetS })
        : t("statistics.serviceLevelOwn"),
      figure: true,
      cell: (row) => <Share ratio={row.serviceLevel} />,
    },
    {
      key: "wait",
      title: t("statistics.meanWait"),
      figure: true,
      cell: (row) => (row.meanWaitS === null ? "–" : t("statistics.seconds", { value: number(Math.round(row.meanWaitS)) })),
    },
  ];
  return <DataTable caption={caption} hideCaption columns={columns} rows={rows} rowKey={rowKey} />;
}

interface FiguresTableProps<Row> {
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly name: (row: Row) => ReactNode;
  readonly targets: StatisticsReply["targets"];
}
