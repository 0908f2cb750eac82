import { UserCheck, UserX } from "lucide-react";
import type { AgentCallView } from "../../../engine/views.ts";
import { Button } from "../../parts/Button.tsx";
import { useShortcuts } from "../../parts/shortcuts.ts";
import { useText } from "../../text/text.ts";
import type { DeskParts } from "./useDesk.ts";

/** Of a citizen who is rung back: whether it was they who answered. An answering machine is nobody. */
export function BackActions({ parts, callback }: { parts: DeskParts; callback: NonNullable<AgentCallView["callback"]> }) {
  const { t } = useText();
  const { act, live, situation } = parts;
  const { id, phase } = situation;
  const closed = id === null || live.link !== "open" || callback.said === "not-reached" || phase === "ringing";
  const canReach = !closed && phase !== "dialling" && callback.said === undefined;
  const canMiss = !closed && !(phase === "ended" && callback.said === "reached");
  const say = (type: "reached" | "not-reached") => {
    if (id !== null) void act.command({ type, call: id });
  };
  useShortcuts([
    ...(canReach ? [{ key: "n", run: () => say("reached") }] : []),
    ...(canMiss ? [{ key: "i", run: () => say("not-reached") }] : []),
  ]);
  return (
    <div className="stack">
      <div className="row">
        <Button
          shortcut="N"
          icon={<UserCheck className="icon" aria-hidden="true" />}
          isDisabled={!canReach}
          onPress={() => say("reached")}
        >
          {t("agent.back.reached")}
        </Button>
        <Button
          shortcut="I"
          icon={<UserX className="icon" aria-hidden="true" />}
          isDisabled={!canMiss}
          onPress={() => say("not-reached")}
        >
          {t("agent.back.notReached")}
        </Button>
      </div>
      <p className="soft" role="status">
        {callback.said === undefined ? t("agent.back.machine") : t(`agent.back.said.${callback.said}`)}
      </p>
    </div>
  );
}
