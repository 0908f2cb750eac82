import { Grid3x3, Mic, MicOff, Pause, PhoneCall, PhoneForwarded, PhoneOff, Play } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { AgentCallView } from "../../../engine/views.ts";
import { useNow } from "../../client/clock.ts";
import { Button } from "../../parts/Button.tsx";
import { Keypad } from "../../parts/Keypad.tsx";
import { useShortcuts } from "../../parts/shortcuts.ts";
import { clockTime, languageName, phoneNumber, timeOf } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import { BackActions } from "./BackActions.tsx";
import { DistrictPart } from "./DistrictPart.tsx";
import { InterpreterPart } from "./InterpreterPart.tsx";
import type { DeskParts } from "./useDesk.ts";

/** The call: who rings, the way they came, and what can be done with it. Keeps its size with and without a call. */
export function CallPanel({ parts }: { parts: DeskParts }) {
  const { t } = useText();
  const { situation, live, phone } = parts;
  const { phase, view } = situation;
  const panel = useRef<HTMLElement>(null);

  // The focus follows the call: to the panel when it is answered, and when the button that had it is gone. So Enter means what
  // the panel shows, wherever the focus was left before; not while a menu or dialog is open.
  const before = useRef(phase);
  useEffect(() => {
    const answered = before.current === "ringing" && phase === "talking";
    before.current = phase;
    const active = document.activeElement;
    const busy = active?.closest("[role=menu], [role=dialog], input:not([type=radio])") != null;
    if (active === document.body || (answered && !busy)) panel.current?.focus({ preventScroll: true });
  }, [phase]);

  return (
    <section ref={panel} tabIndex={-1} className={`panel call phase-${phase}`} aria-labelledby="call">
      <h2 id="call">
        {t("agent.call.heading")}
        {phase !== "none" && <PhaseName parts={parts} />}
      </h2>
      {phase === "none" && (
        <p className="soft call-none">
          {t("agent.call.none")} {live.agent?.state === "available" && t("agent.call.noneAvailable")}
          {live.agent?.state === "paused" && t("agent.call.nonePaused")}
        </p>
      )}
      {phase !== "none" && view !== null && <Story view={view} />}
      {phase !== "none" && phase !== "ended" && view === null && <BareStory from={phone.call?.from ?? ""} />}
      {phase !== "none" && view?.interpreter !== undefined && <InterpreterPart parts={parts} interpreter={view.interpreter} />}
      {phase !== "none" && view !== null && <DistrictPart parts={parts} view={view} />}
      {phase === "ringing" && <RingingActions parts={parts} />}
      {view?.callback !== undefined && phase !== "none" && phase !== "ringing" && (
        <BackActions parts={parts} callback={view.callback} />
      )}
      {(phase === "talking" || phase === "held" || phase === "dialling") && <TalkActions parts={parts} />}
    </section>
  );
}

/** "Ringer", "I samtal 1:12": the phase and how long it has lasted. */
function PhaseName({ parts }: { parts: DeskParts }) {
  const { t } = useText();
  const now = useNow();
  const { phase, view } = parts.situation;
  if (phase === "none") return null;
  const since = phase === "ended" ? parts.live.agent?.since : (view?.since ?? parts.phone.call?.since);
  const colour = { ringing: "waiting", dialling: "waiting", talking: "talking", held: "waiting", ended: "soft" }[phase];
  return (
    <span className={`phase ${colour}`}>
      {t(`agent.call.${phase}`)} <span className="phase-time">{clockTime(now - (since ?? now))}</span>
    </span>
  );
}

function Story({ view }: { view: AgentCallView }) {
  const { t, language, pick } = useText();
  return (
    <div className="story">
      {view.callback !== undefined && (
        <p className="waiting">
          {t("agent.back.to", { number: phoneNumber(view.from ?? ""), time: timeOf(view.callback.bookedAt, language) })}
          {view.callback.attempt > 1 && ` ${t("agent.back.attempt", { attempt: view.callback.attempt })}`}
        </p>
      )}
      <p className="caller">
        <span className="large">{view.from === null ? t("agent.call.withheld") : phoneNumber(view.from)}</span>
        <span className="caller-language">{languageName(view.language, language)}</span>
      </p>
      <ol className="path" aria-label={t("agent.call.path")}>
        {view.path.map((step, index) => (
          // The same choice may come twice on the way.
          // biome-ignore lint/suspicious/noArrayIndexKey: the place on the way is what tells them apart
          <li key={index}>{pick(step)}</li>
        ))}
      </ol>
      <p className="soft">
        {pick(view.groupName)} · {t("agent.call.waited")} {clockTime(view.waitedMs)}
        {view.why !== undefined && ` · ${t("agent.call.why", { why: pick(view.why) })}`}
      </p>
    </div>
  );
}

/** While the server's line is lost only what the INVITE says is known. */
function BareStory({ from }: { from: string }) {
  const { t } = useText();
  return (
    <div className="story">
      <p className="caller">
        <span className="large">{/^\+?\d+$/.test(from) ? phoneNumber(from) : t("agent.call.withheld")}</span>
      </p>
      <p className="soft">{t("agent.call.unknownWhileLost")}</p>
    </div>
  );
}

function RingingActions({ parts }: { parts: DeskParts }) {
  const { t } = useText();
  const { act, situation, phone } = parts;
  const here = situation.talk !== null || phone.link === "ready";
  useShortcuts([
    { key: "enter", run: () => act.answer(), overControls: true },
    { key: "a", run: () => act.refuse() },
  ]);
  return (
    <div className="row actions">
      <Button
        primary
        shortcut="⏎"
        icon={<PhoneCall className="icon" aria-hidden="true" />}
        isDisabled={!here}
        onPress={() => act.answer()}
      >
        {t("agent.call.answer")}
      </Button>
      <Button shortcut="A" icon={<PhoneForwarded className="icon" aria-hidden="true" />} onPress={() => act.refuse()}>
        {t("agent.call.refuse")}
      </Button>
      {!here && <p className="soft">{t("agent.call.elsewhere")}</p>}
    </div>
  );
}

function TalkActions({ parts }: { parts: DeskParts }) {
  const { t } = useText();
  const { act, phone } = parts;
  const { talk, call } = phone;
  const { keypad } = parts.desk;
  const [changing, setChanging] = useState(false);
  const canHold = call !== null && phone.link === "ready" && !changing;

  const mute = () => call !== null && talk?.setMuted(!call.muted);
  const hold = async () => {
    if (!canHold || talk === null) return;
    setChanging(true);
    await talk.setHeld(!call.held);
    setChanging(false);
  };
  const press = (key: string) => talk?.press(key);
  const keys = keypad ? "0123456789*#".split("").map((key) => ({ key, run: () => press(key) })) : [];
  useShortcuts([
    { key: "m", run: mute },
    { key: "p", run: () => void hold() },
    { key: "t", run: () => act.showKeypad(!keypad) },
    { key: "l", run: () => act.hangUp() },
    ...keys,
  ]);

  const muted = call?.muted ?? false;
  const held = call?.held ?? false;
  return (
    <>
      {muted && !held && <p className="waiting">{t("agent.call.muted")}</p>}
      {call?.soundLost && <p className="wrong">{t("agent.call.noSound")}</p>}
      <div className={`actions talk${keypad ? " with-keypad" : ""}`}>
        <div className="talk-actions">
          <Button
            shortcut="P"
            icon={held ? <Play className="icon" aria-hidden="true" /> : <Pause className="icon" aria-hidden="true" />}
            isDisabled={!canHold}
            onPress={() => void hold()}
          >
            {t(held ? "agent.call.resume" : "agent.call.hold")}
          </Button>
          <Button
            shortcut="M"
            icon={muted ? <Mic className="icon" aria-hidden="true" /> : <MicOff className="icon" aria-hidden="true" />}
            isDisabled={call === null}
            onPress={mute}
          >
            {t(muted ? "agent.call.unmute" : "agent.call.mute")}
          </Button>
          <Button
            shortcut="T"
            icon={<Grid3x3 className="icon" aria-hidden="true" />}
            isDisabled={call === null || held}
            aria-expanded={keypad}
            onPress={() => act.showKeypad(!keypad)}
          >
            {t("agent.call.keypad")}
          </Button>
          <Button shortcut="L" icon={<PhoneOff className="icon" aria-hidden="true" />} onPress={() => act.hangUp()}>
            {t("agent.call.hangUp")}
          </Button>
        </div>
        {keypad && <Keypad label={t("agent.call.keypadText")} onPress={press} isDisabled={held} />}
      </div>
    </>
  );
}
