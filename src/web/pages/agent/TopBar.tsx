import { useNow } from "../../client/clock.ts";
import { clockTime, count, percent } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import { StateMenu } from "./StateMenu.tsx";
import type { DeskParts } from "./useDesk.ts";

/** State with its time, and the day's three figures. */
export function TopBar({ parts, onSignOut }: { parts: DeskParts; onSignOut: () => void }) {
  return (
    <>
      <div className="bar-state">
        <StateMenu parts={parts} onSignOut={onSignOut} />
      </div>
      <Figures parts={parts} />
    </>
  );
}

function Figures({ parts }: { parts: DeskParts }) {
  const { t, language } = useText();
  const now = useNow();
  const { board, today } = parts.live;
  const city = today?.find((row) => row.group === "*")?.availability;
  const longest = board === null || board.longestSince === null ? "–" : clockTime(now - board.longestSince);
  return (
    <dl className="bar-figures" aria-label={t("agent.figures")}>
      <div>
        <dt>{t("agent.waiting")}</dt>
        <dd className={board !== null && board.waiting > 0 ? "waiting" : ""}>{board?.waiting ?? "–"}</dd>
      </div>
      <div>
        <dt>{t("agent.longest")}</dt>
        <dd>{longest}</dd>
      </div>
      <div>
        <dt>{t("agent.answeredToday")}</dt>
        <dd>
          {percent(city?.value ?? null, language)}
          {city !== undefined && city.denominator > 0 && (
            <span className="soft small">
              {" "}
              {t("agent.ofCalls", {
                numerator: count(city.numerator, language),
                denominator: count(city.denominator, language),
              })}
            </span>
          )}
        </dd>
      </div>
    </dl>
  );
}
