import { Languages } from "lucide-react";
import type { AgentCallView } from "../../../engine/views.ts";
import { Button } from "../../parts/Button.tsx";
import { useShortcuts } from "../../parts/shortcuts.ts";
import { languageName } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import type { DeskParts } from "./useDesk.ts";

interface InterpreterProps {
  readonly parts: DeskParts;
  readonly interpreter: NonNullable<AgentCallView["interpreter"]>;
}

/** An interpreter of the caller's language: that one is coming, or has joined, and the key that rings them, or lets them go. */
export function InterpreterPart({ parts, interpreter }: InterpreterProps) {
  const { t, language } = useText();
  const { id, phase } = parts.situation;
  const { state } = interpreter;
  const open = id !== null && parts.live.link === "open" && (phase === "talking" || phase === "held") && state !== "wanted";
  const name = { language: languageName(interpreter.language, language) };
  const change = () => {
    if (id === null) return;
    void parts.act.command({ type: "interpreter", call: id, language: state === "possible" ? interpreter.language : null });
  };
  useShortcuts(open ? [{ key: "r", run: change }] : []);
  if (state === "possible" && !open) return null;
  return (
    <div className="call-part">
      <p className="call-part-known" role="status">
        <Languages className="icon" aria-hidden="true" />
        {t(`agent.interpreter.${state}`, name)}
      </p>
      {open && (
        <Button shortcut="R" onPress={change}>
          {t(state === "possible" ? "agent.interpreter.ring" : "agent.interpreter.release")}
        </Button>
      )}
    </div>
  );
}
