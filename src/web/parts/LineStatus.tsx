import { Circle, CircleDashed, CircleHelp, CircleX } from "lucide-react";
import type { LiveState } from "../client/live.ts";
import { useText } from "../text/text.ts";

/** One line that says whether calls are answered: shape, colour and words say the same. */
export function LineStatus({ live }: { live: Pick<LiveState, "link" | "line"> }) {
  const { t, tError } = useText();
  const { line } = live;
  if (line === null || live.link !== "open") {
    const waiting = live.link === "connecting";
    return (
      <p className="status soft" role="status">
        <CircleHelp className="icon" aria-hidden="true" />
        {waiting ? t("loading") : t("line.unknown")}
      </p>
    );
  }
  const open = line.engine === "serving" && line.asterisk === "connected";
  const state = open ? "serving" : line.engine === "starting" ? "starting" : "away";
  const [Icon, colour] = { serving: [Circle, "free"], starting: [CircleDashed, "waiting"], away: [CircleX, "wrong"] }[state] as [
    typeof Circle,
    string,
  ];
  return (
    <div role="status" className="stack tight">
      <p className={`status ${colour}`}>
        <Icon className="icon" aria-hidden="true" {...(open ? { fill: "currentColor" } : {})} />
        {t(`line.${state}`)}
      </p>
      {open && line.store === "degraded" && <p className="soft">{t("line.degraded")}</p>}
      {line.problems.map(({ code }) => (
        <p key={code} className="soft small">
          {tError(code).what} {t("code", { code })}
        </p>
      ))}
    </div>
  );
}
