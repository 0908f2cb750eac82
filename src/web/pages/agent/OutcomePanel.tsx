import { Check } from "lucide-react";
import { Label, Radio, RadioGroup } from "react-aria-components";
import { type Outcome, outcomes } from "../../../core/facts.ts";
import { useNow } from "../../client/clock.ts";
import { Button } from "../../parts/Button.tsx";
import { KeyCap } from "../../parts/KeyCap.tsx";
import { useShortcuts } from "../../parts/shortcuts.ts";
import { clockTime } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import type { DeskParts } from "./useDesk.ts";

/** What the contact came to: six choices, keys 1–6, from the talk's first word until wrap-up ends. */
export function OutcomePanel({ parts }: { parts: DeskParts }) {
  const { t } = useText();
  const { phase, id } = parts.situation;
  const open = id !== null && (phase === "talking" || phase === "held" || phase === "ended");
  return (
    <section className="panel outcome" aria-labelledby="outcome">
      <h2 id="outcome">
        {t("agent.outcome.heading")}
        {phase === "ended" && <Countdown parts={parts} />}
      </h2>
      {open ? <Choice parts={parts} id={id} /> : <p className="soft">{t("agent.outcome.none")}</p>}
    </section>
  );
}

function Countdown({ parts }: { parts: DeskParts }) {
  const { t } = useText();
  const now = useNow();
  const until = parts.live.agent?.wrapUp?.until;
  if (until === undefined) return null;
  return (
    <span className="phase soft">
      {t("agent.outcome.left")} <span className="phase-time">{clockTime(until - now)}</span>
    </span>
  );
}

function Choice({ parts, id }: { parts: DeskParts; id: string }) {
  const { t } = useText();
  const { act, live, situation, desk } = parts;
  const outcome = act.outcomeOf(id);
  const lost = live.link !== "open";
  const ended = situation.phase === "ended";

  const choose = (value: Outcome) => {
    if (!lost) void act.outcome(value);
  };
  const done = () => {
    if (outcome !== null && !lost) act.done();
  };
  useShortcuts([
    ...(desk.keypad ? [] : outcomes.map((value, index) => ({ key: String(index + 1), run: () => choose(value) }))),
    ...(ended ? [{ key: "enter", run: done }] : []),
  ]);

  return (
    <>
      <RadioGroup className="outcomes" value={outcome} onChange={(value) => choose(value as Outcome)} isDisabled={lost}>
        <Label className="hidden-text">{t("agent.outcome.legend")}</Label>
        {outcomes.map((value, index) => (
          <Radio key={value} value={value} className="radio">
            <span className="radio-mark" aria-hidden="true" />
            <span>{t(`agent.outcome.${value}`)}</span>
            <KeyCap>{index + 1}</KeyCap>
          </Radio>
        ))}
      </RadioGroup>
      {ended && (
        <div className="row actions">
          <Button
            primary
            shortcut="⏎"
            icon={<Check className="icon" aria-hidden="true" />}
            isDisabled={outcome === null || lost}
            onPress={done}
          >
            {t("agent.outcome.done")}
          </Button>
          {outcome === null && <p className="soft">{t("agent.outcome.chooseFirst")}</p>}
        </div>
      )}
    </>
  );
}
