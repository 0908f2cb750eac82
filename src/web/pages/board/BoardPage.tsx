import type { GroupView, RoutingProblemView, WaitingView } from "../../../engine/views.ts";
import { useNow } from "../../client/clock.ts";
import type { LiveState, Today } from "../../client/live.ts";
import { Announcements } from "../../parts/Announcements.tsx";
import type { Column } from "../../parts/DataTable.tsx";
import { Notice } from "../../parts/Notice.tsx";
import { Page } from "../../parts/Page.tsx";
import { Share } from "../../parts/Share.tsx";
import { SplitTable } from "../../parts/SplitTable.tsx";
import { useSignedInLive } from "../../parts/useSignedInLive.ts";
import { type Gate, WithSession } from "../../parts/WithSession.tsx";
import { clockTime, count, percent, timeOf } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import { Callbacks } from "./Callbacks.tsx";
import "./board.css";

/** The wallboard: four figures read at ten metres, and a row per group. */
export default function BoardPage() {
  const { t } = useText();
  return <WithSession title={t("title.board")}>{(gate) => <Board gate={gate} />}</WithSession>;
}

function Board({ gate }: { gate: Gate }) {
  const { t, language } = useText();
  const state = useSignedInLive(gate);
  const leads = gate.session.roles.some((role) => role === "lead" || role === "admin");
  const { board, today, lostAt } = state;
  return (
    <Page title={t("title.board")} layout="board">
      <h1 className="hidden-text">{t("board.heading")}</h1>
      {lostAt !== null && (
        <Notice kind="wrong" spoken>
          <p>{t("board.lost", { time: timeOf(lostAt, language) })}</p>
        </Notice>
      )}
      {board !== null && board.problems.length > 0 && <Problems problems={board.problems} />}
      <BoardFigures board={board} today={today} />
      {board !== null && board.groups.length === 0 && <p className="soft board-empty">{t("board.empty")}</p>}
      {board !== null && board.groups.length > 0 && <GroupRows groups={board.groups} today={today} />}
      {board !== null && board.longest.length > 0 && <Reasons longest={board.longest} />}
      {board !== null && board.callbacks.length > 0 && <Callbacks callbacks={board.callbacks} canCancel={leads} />}
      {board !== null && <Announcements announcements={board.announcements} />}
    </Page>
  );
}

/** More than these do not stand on the wall; the log has them all. */
const mostProblems = 3;

/** What the plan and the directory do not give callers: said calmly, for it stays until someone changes it. */
function Problems({ problems }: { problems: readonly RoutingProblemView[] }) {
  const { t, pick } = useText();
  const more = problems.length - mostProblems;
  return (
    <Notice kind={problems.some(({ code }) => code !== null) ? "waiting" : "plain"}>
      {problems.slice(0, mostProblems).map(({ text }) => (
        <p key={text.sv}>{pick(text)}</p>
      ))}
      {more > 0 && <p className="soft">{t("board.moreProblems", { more })}</p>}
    </Notice>
  );
}

function BoardFigures({ board, today }: Pick<LiveState, "board" | "today">) {
  const { t, language } = useText();
  const now = useNow();
  const city = today?.find(({ group }) => group === "*")?.availability;
  const longest = board === null || board.longestSince === null ? "–" : clockTime(now - board.longestSince);
  const waits = board !== null && board.waiting > 0;
  return (
    <dl className="board-figures">
      <div className={waits ? "waiting" : ""}>
        <dt>{t("board.waiting")}</dt>
        <dd>{board?.waiting ?? "–"}</dd>
      </div>
      <div className={waits ? "waiting" : ""}>
        <dt>{t("board.longest")}</dt>
        <dd>{longest}</dd>
      </div>
      <div className={board !== null && board.free > 0 ? "free" : ""}>
        <dt>{t("board.free")}</dt>
        <dd>{board?.free ?? "–"}</dd>
      </div>
      <div>
        <dt>{t("board.answeredToday")}</dt>
        <dd>
          {percent(city?.value ?? null, language)}
          {city !== undefined && city.denominator > 0 && (
            <span className="board-of soft">
              {t("statistics.of", { numerator: count(city.numerator, language), denominator: count(city.denominator, language) })}
            </span>
          )}
        </dd>
      </div>
    </dl>
  );
}

/** Why those who have waited longest wait. */
function Reasons({ longest }: { longest: readonly WaitingView[] }) {
  const { t, pick } = useText();
  const now = useNow();
  return (
    <section aria-labelledby="reasons" className="board-reasons">
      <h2 id="reasons">{t("board.reasons")}</h2>
      <ul>
        {longest.map(({ call, group, urgent, callback, since, why }) => (
          <li key={call}>
            <span className="board-wait">{clockTime(now - since)}</span> {pick(group)}
            {urgent && ` (${t("board.urgent")})`}
            {callback && ` (${t("board.callbacks.one")})`} <span className="soft">{pick(why)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** More groups than this stand in two columns, without what one can do without. */
const manyGroups = 8;

function GroupRows({ groups, today }: { groups: readonly GroupView[]; today: Today | null }) {
  const { t, pick } = useText();
  const now = useNow();
  const answered = (group: GroupView) => today?.find((row) => row.group === group.id)?.availability;
  const further: readonly Column<GroupView>[] = [
    { key: "talking", title: t("board.talking"), figure: true, cell: (group) => group.talking },
    { key: "signedIn", title: t("board.signedIn"), figure: true, cell: (group) => group.signedIn },
  ];
  const columns: readonly Column<GroupView>[] = [
    { key: "group", title: t("board.group"), head: true, cell: (group) => pick(group.name) },
    {
      key: "waiting",
      title: t("board.waiting"),
      figure: true,
      cell: (group) => <span className={group.waiting > 0 ? "waiting" : ""}>{group.waiting}</span>,
    },
    {
      key: "longest",
      title: t("board.longestShort"),
      figure: true,
      cell: (group) => (group.longestSince === null ? "–" : clockTime(now - group.longestSince)),
    },
    {
      key: "free",
      title: t("board.free"),
      figure: true,
      cell: (group) => <span className={group.free > 0 ? "free" : ""}>{group.free}</span>,
    },
    ...(groups.length > manyGroups ? [] : further),
    {
      key: "answered",
      title: t("board.answeredToday"),
      figure: true,
      cell: (group) => {
        const ratio = answered(group);
        return ratio === undefined ? "–" : <Share ratio={ratio} />;
      },
    },
  ];
  return (
    <SplitTable
      most={manyGroups}
      caption={t("board.heading")}
      hideCaption
      rows={groups}
      rowKey={({ id }) => id}
      columns={columns}
    />
  );
}
