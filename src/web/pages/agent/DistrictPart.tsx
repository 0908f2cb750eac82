import { MapPin } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { AgentCallView, DistrictView } from "../../../engine/views.ts";
import { api, codeOf } from "../../client/http.ts";
import { Choice } from "../../parts/Choice.tsx";
import { KeyCap } from "../../parts/KeyCap.tsx";
import { ErrorNotice } from "../../parts/Notice.tsx";
import { useShortcuts } from "../../parts/shortcuts.ts";
import { useText } from "../../text/text.ts";
import type { DeskParts } from "./useDesk.ts";

/**
 * Where the caller lives: how that is known, or, in a group whose calls go to who knows the district, that it is to be asked. Set while
 * talking or in wrap-up; before, it is only shown.
 */
export function DistrictPart({ parts, view }: { parts: DeskParts; view: AgentCallView }) {
  const { id, phase } = parts.situation;
  const { wrapUp } = parts.live.agent ?? {};
  const district = wrapUp?.call === view.call ? (wrapUp.district ?? view.district) : view.district;
  if (view.asksDistrict === undefined && district === undefined) return null;
  const open = id !== null && parts.live.link === "open" && (phase === "talking" || phase === "held" || phase === "ended");
  return (
    <div className="call-part">
      <Known district={district} named={!open} />
      {open && <Setting parts={parts} call={id} district={district} />}
    </div>
  );
}

/** `named`: with its name, which else stands in the list beside it. */
function Known({ district, named }: { district: DistrictView | undefined; named: boolean }) {
  const { t } = useText();
  return (
    <p className={district === undefined ? "call-part-known waiting" : "call-part-known"} role="status">
      <MapPin className="icon" aria-hidden="true" />
      {district === undefined ? (
        t("agent.district.unknown")
      ) : (
        <span>
          <strong>{named ? district.name : t("agent.district.label")}</strong>{" "}
          <span className="soft">{t(`agent.district.${district.source}`)}</span>
        </span>
      )}
    </p>
  );
}

interface SettingProps {
  readonly parts: DeskParts;
  readonly call: string;
  readonly district: DistrictView | undefined;
}

/** The list of the city's districts: D opens it, letters find the name, Enter takes it. */
function Setting({ parts, call, district }: SettingProps) {
  const { t } = useText();
  const { names, problem } = useDistricts();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const openList = () => {
    // Where the focus comes back to.
    button.current?.focus();
    setOpen(true);
  };
  useShortcuts([{ key: "d", run: openList }]);
  if (problem !== null) return <ErrorNotice code={problem} />;
  return (
    <div className="row">
      <Choice
        label={t("agent.district.label")}
        hideLabel
        button={button}
        isOpen={open}
        onOpenChange={setOpen}
        value={district?.name ?? null}
        placeholder={t("agent.district.choose")}
        choices={names.map((name) => ({ id: name, name }))}
        onChange={(name) => void parts.act.command({ type: "district", call, district: name })}
      />
      <KeyCap>D</KeyCap>
    </div>
  );
}

function useDistricts() {
  const [names, setNames] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    api.plan().then(
      ({ districts }) => setNames(districts),
      (thrown: unknown) => setProblem(codeOf(thrown)),
    );
  }, []);
  return { names, problem };
}
