import type { TFunction } from "i18next";
import { useEffect, useRef, useState } from "react";
import { languageName, phoneNumber } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import type { DeskParts } from "./useDesk.ts";

/** Speaks to screen readers what sighted agents see happen: a ring at once, the rest when there is a pause. */
export function Announcer({ parts }: { parts: DeskParts }) {
  const text = useText();
  const { t, language, pick } = text;
  const { situation, live, phone } = parts;
  const { phase, view } = situation;
  const call = view?.call ?? null;
  const muted = phone.call?.muted ?? null;
  const state = live.agent?.state ?? null;
  const [said, setSaid] = useState("");

  const words = () => {
    if (phase === "talking" || phase === "held" || phase === "dialling") return t(`agent.say.${phase}`);
    if (phase === "ended") return t("agent.say.ended");
    return state === null || phase === "ringing" ? "" : t("agent.say.state", { state: t(`agent.state.${state}`) });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: spoken once for each change, not for each new text
  useEffect(() => setSaid(words()), [phase, call, state]);

  const before = useRef(muted);
  useEffect(() => {
    if (before.current !== null && muted !== null && before.current !== muted)
      setSaid(t(muted ? "agent.say.muted" : "agent.say.unmuted"));
    before.current = muted;
  }, [muted, t]);

  const rings =
    phase === "ringing" && view !== null
      ? t(view.callback === undefined ? "agent.say.ringing" : "agent.say.ringingBack", {
          from: view.from === null ? t("agent.call.withheld") : phoneNumber(view.from),
          language: languageName(view.language, language),
          path: view.path.map(pick).join(", "),
          wait: spokenTime(view.waitedMs, t),
        })
      : "";
  return (
    <div className="hidden-text">
      <p role="alert">{rings}</p>
      <p role="status">{said}</p>
    </div>
  );
}

/** "40 sekunder", "2 minuter 5 sekunder": as a person would say it. */
function spokenTime(ms: number, t: TFunction): string {
  const [minutes, seconds] = [Math.floor(ms / 60_000), Math.floor(ms / 1000) % 60];
  const parts = [
    ...(minutes > 0 ? [t("agent.say.minutes", { count: minutes })] : []),
    ...(seconds > 0 || minutes === 0 ? [t("agent.say.seconds", { count: seconds })] : []),
  ];
  return parts.join(" ");
}
