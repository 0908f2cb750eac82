import { Button } from "../../parts/Button.tsx";
import { useLive } from "../../parts/useLive.ts";
import { useText } from "../../text/text.ts";
import type { DeskParts } from "./useDesk.ts";

/** The desk is open in another tab: this one was refused the telephone, or has lost it. Offers to take it. */
export function SecondTab({ parts }: { parts: DeskParts }) {
  const { live, take } = parts;
  return live.taken ? <Taken parts={parts} onTake={take} /> : <Refused onTake={take} />;
}

/** Taking over while the agent talks in the other tab must be meant: the words and the button then say so. */
function Refused({ onTake }: { onTake: () => void }) {
  const { t } = useText();
  // A second link, which only looks on, tells what the other tab is in the middle of.
  const { agent } = useLive().state;
  const talking = agent?.call?.phase === "talking" || agent?.call?.phase === "held";
  return (
    <div className="stack second-tab" role="alert">
      <h2 className="large">{t("agent.second.heading")}</h2>
      <p>{t(talking ? "agent.second.talking" : "agent.second.text")}</p>
      <p className="soft small">{t("code", { code: "AGENT_SECOND_TAB" })}</p>
      <div className="row">
        <Button primary={!talking} isDisabled={agent === null} onPress={onTake}>
          {t(talking ? "agent.second.takeAnyway" : "agent.second.take")}
        </Button>
      </div>
    </div>
  );
}

function Taken({ parts, onTake }: { parts: DeskParts; onTake: () => void }) {
  const { t } = useText();
  const talking = parts.situation.talk !== null;
  return (
    <div className="stack second-tab" role="alert">
      <h2 className="large">{t("agent.taken.heading")}</h2>
      <p>
        {t("agent.taken.text")} {talking && t("agent.taken.talking")}
      </p>
      <div className="row">
        <Button onPress={onTake}>{t("agent.taken.back")}</Button>
      </div>
    </div>
  );
}
