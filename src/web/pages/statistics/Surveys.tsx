import type { Index, SurveyAnswers, SurveyFigures } from "../../../api/contract.ts";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { decimal, weekOf } from "../../text/format.ts";
import { useText } from "../../text/text.ts";

interface SurveysProps {
  readonly surveys: SurveyFigures;
  readonly nameOf: (group: string) => string;
}

/** What callers answered after their calls: the period in one figure, per group, and per group and week. Nothing when nobody was asked. */
export function Surveys({ surveys, nameOf }: SurveysProps) {
  const { t } = useText();
  const { rows, totals, leastAnswers: least } = surveys;
  const whole = totals.at(-1);
  if (whole === undefined) return null;
  return (
    <section className="stack" aria-labelledby="surveys">
      <h2 id="surveys">{t("statistics.surveys.heading")}</h2>
      <p>{t("statistics.surveys.lead", { least })}</p>
      <dl className="wholes">
        <div className="panel">
          <dt>
            {t("statistics.surveys.index")}, {nameOf(whole.group)}
          </dt>
          <dd>
            <IndexFigure index={whole.all} least={least} digits={1} />
          </dd>
          {whole.leftOut > 0 && (
            <dd className="small soft">{t("statistics.surveys.leftOut", { count: whole.leftOut, least })}</dd>
          )}
          <dd className="small">
            <code className="soft">{whole.all.formula}</code>
          </dd>
        </div>
      </dl>
      <AnswersTable
        caption={t("statistics.surveys.perGroup")}
        rows={totals}
        rowKey={({ group }) => group}
        first={[
          { key: "name", title: t("statistics.group"), head: true, cell: ({ group }) => nameOf(group) },
          {
            key: "all",
            title: t("statistics.surveys.all"),
            figure: true,
            cell: ({ all }) => <IndexFigure index={all} least={least} />,
          },
        ]}
        surveys={surveys}
      />
      <AnswersTable
        caption={t("statistics.surveys.perWeek")}
        rows={rows}
        rowKey={({ group, week }) => `${group} ${week}`}
        first={[
          {
            key: "name",
            title: t("statistics.group"),
            head: true,
            cell: ({ group, week }) => (
              <>
                {nameOf(group)}{" "}
                <span className="soft nowrap">
                  {t("statistics.weekOf", { week: weekOf(week).week })} {weekOf(week).year}
                </span>
              </>
            ),
          },
        ]}
        surveys={surveys}
      />
    </section>
  );
}

interface AnswersTableProps<Row> {
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly first: readonly Column<Row>[];
  readonly surveys: SurveyFigures;
}

function AnswersTable<Row extends { readonly answers: readonly SurveyAnswers[] }>(props: AnswersTableProps<Row>) {
  const { pick } = useText();
  const { caption, rows, rowKey, first, surveys } = props;
  const asked = surveys.questions.map(({ id, text }): Column<Row> => {
    const indexOf = ({ answers }: Row) => answers.find(({ question }) => question === id)?.index;
    return {
      key: id,
      title: pick(text),
      figure: true,
      cell: (row) => <IndexFigure index={indexOf(row)} least={surveys.leastAnswers} />,
    };
  });
  return <DataTable caption={caption} columns={[...first, ...asked]} rows={rows} rowKey={rowKey} />;
}

/** "78 (23 svar)"; that there are too few to be shown; or "–" when nobody answered. */
function IndexFigure({ index, least, digits = 0 }: { index: Index | null | undefined; least: number; digits?: number }) {
  const { t, language } = useText();
  if (index === null) return <span className="soft small">{t("statistics.surveys.few", { least })}</span>;
  if (index === undefined || index.value === null) return "–";
  return (
    <span className="share">
      <span className="share-value">{decimal(index.value, language, digits)}</span>{" "}
      <span className="share-of soft small nowrap">{t("statistics.surveys.answers", { count: index.count })}</span>
    </span>
  );
}
