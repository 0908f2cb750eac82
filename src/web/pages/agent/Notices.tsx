import { useNow } from "../../client/clock.ts";
import { Announcements } from "../../parts/Announcements.tsx";
import { Button } from "../../parts/Button.tsx";
import { ErrorNotice, Notice } from "../../parts/Notice.tsx";
import { useShortcuts } from "../../parts/shortcuts.ts";
import { clockTime } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import type { DeskParts } from "./useDesk.ts";

/** What the agent must know now, most urgent first. Empty most of the time. */
export function Notices({ parts }: { parts: DeskParts }) {
  const { t } = useText();
  const { live, desk, act, soundBlocked } = parts;
  const { microphone, problem } = desk;
  const microphoneFailed = microphone !== "ok" && microphone !== "unknown";
  return (
    <div className="notices">
      <LostNotice parts={parts} />
      {live.line?.problems.map(({ code }) => (
        <ErrorNotice key={code} code={code} />
      ))}
      {microphoneFailed && (
        <ErrorNotice
          code={microphone}
          actions={<Button onPress={() => void act.testMicrophone()}>{t("agent.microphone.test")}</Button>}
        />
      )}
      {problem !== null && (
        <ErrorNotice kind="waiting" code={problem} actions={<Button onPress={() => act.forgetProblem()}>{t("close")}</Button>} />
      )}
      {live.board !== null && <Announcements announcements={live.board.announcements} />}
      <PauseNotice parts={parts} />
      <CalledInNotice parts={parts} />
      {soundBlocked && (
        <Notice kind="waiting">
          <p>{t("agent.sound")}</p>
        </Notice>
      )}
    </div>
  );
}

/** Fetched from casework: for whom, and on what that rests. */
function CalledInNotice({ parts }: { parts: DeskParts }) {
  const { t, pick } = useText();
  const calledIn = parts.live.agent?.calledIn;
  if (calledIn === undefined) return null;
  const { group, waiting, serviceLevelPercent: percent } = calledIn;
  return (
    <Notice kind="waiting">
      <p>
        {t("agent.calledIn.what", { group: pick(group), waiting })} {percent !== null && t("agent.calledIn.level", { percent })}{" "}
        {t("agent.calledIn.after")}
      </p>
    </Notice>
  );
}

/** The line to the server, or the telephone's own, is lost: since when, and what still works. */
function LostNotice({ parts }: { parts: DeskParts }) {
  const { t } = useText();
  useNow();
  const { live, phone, situation } = parts;
  const talking = situation.talk !== null && situation.phase !== "ringing";
  const ago = (at: number) => clockTime(Date.now() - at);
  const phoneLost = phone.lostAt !== null;
  if (live.lostAt !== null) {
    const works = talking ? (phoneLost ? "bothTalk" : "works") : phoneLost ? "bothIdle" : "idle";
    return (
      <Notice kind="wrong">
        <p role="alert">
          {t("agent.lost.what")} {t(`agent.lost.${works}`)}
        </p>
        <p className="small">{t("agent.lost.since", { time: ago(live.lostAt) })}</p>
      </Notice>
    );
  }
  if (phone.lostAt === null) return null;
  return (
    <Notice kind="wrong">
      <p role="alert">
        {t("agent.lost.phone")} {t(talking ? "agent.lost.phoneTalk" : "agent.lost.phoneIdle")}
      </p>
      <p className="small">
        {t("agent.lost.since", { time: ago(phone.lostAt) })}
        {phone.problem === "PHONE_REFUSED" && ` ${t("code", { code: phone.problem })}`}
      </p>
    </Notice>
  );
}

/** Signed in but not taking calls: why, and the way back. */
function PauseNotice({ parts }: { parts: DeskParts }) {
  const { t } = useText();
  const { agent, link } = parts.live;
  const { state, reason } = agent ?? {};
  const shown = link === "open" && (state === "offline" || state === "paused");
  const become = () => void parts.act.command({ type: "available" });
  useShortcuts(shown ? [{ key: "b", run: become }] : []);
  if (!shown) return null;
  const why =
    reason === "missed-calls" || reason === "phone-busy" || reason === "phone-failed" ? t(`agent.whyPaused.${reason}`) : null;
  return (
    <Notice
      kind={why === null ? "plain" : "waiting"}
      spoken={why !== null}
      actions={
        <Button primary shortcut="B" onPress={become}>
          {t("agent.goAvailable")}
        </Button>
      }
    >
      <p>{why ?? t(state === "offline" ? "agent.offlineText" : "agent.call.nonePaused")}</p>
    </Notice>
  );
}
