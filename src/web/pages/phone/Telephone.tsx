import { PhoneCall, PhoneOff } from "lucide-react";
import { type KeyboardEvent, useEffect, useState } from "react";
import { Label, Radio, RadioGroup } from "react-aria-components";
import type { PhoneReply } from "../../../api/contract.ts";
import type { CaptionView } from "../../../engine/views.ts";
import { useNow } from "../../client/clock.ts";
import { Button } from "../../parts/Button.tsx";
import { Keypad } from "../../parts/Keypad.tsx";
import { ErrorNotice } from "../../parts/Notice.tsx";
import type { TalkState } from "../../phone/talk.ts";
import { clockTime, phoneNumber } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import { useTelephone } from "./useTelephone.ts";

/** A telephone: number, keypad, call, hang up, and what is said as text. Keys 0–9 * # work while it has the focus. */
export function Telephone({ reply, onRenewed }: { reply: PhoneReply; onRenewed: (reply: PhoneReply) => void }) {
  const { t, pick } = useText();
  const { live, phone, call } = useTelephone(reply, onRenewed);
  const numbers = reply.numbers ?? [];
  const [number, setNumber] = useState(numbers[0]?.number ?? "");
  const [pressed, setPressed] = useState("");
  const { talk } = phone;
  const on = phone.call !== null;

  const ring = () => {
    setPressed("");
    void call(number);
  };
  const press = (key: string) => {
    if (phone.call?.phase !== "talking") return;
    talk?.press(key);
    setPressed((before) => (before + key).slice(-12));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !on) return;
    if (/^[0-9*#]$/.test(event.key)) press(event.key);
    else if (event.key === "Escape") void talk?.hangUp();
  };

  return (
    <section className="telephone stack" aria-label={t("phone.heading")} onKeyDown={onKeyDown}>
      <RadioGroup className="numbers" value={number} onChange={setNumber} isDisabled={on}>
        <Label className="soft small">{t("phone.number")}</Label>
        {numbers.map(({ number, name }) => (
          <Radio key={number} value={number} className="radio">
            <span className="radio-mark" aria-hidden="true" />
            <span className="number-name">{pick(name)}</span>
            <span className="number-digits">{phoneNumber(number)}</span>
          </Radio>
        ))}
      </RadioGroup>
      <Button
        primary={!on}
        shortcut={on ? "Esc" : "⏎"}
        isDisabled={!on && phone.link !== "ready"}
        icon={on ? <PhoneOff className="icon" aria-hidden="true" /> : <PhoneCall className="icon" aria-hidden="true" />}
        onPress={() => (on ? void talk?.hangUp() : ring())}
      >
        {t(on ? "phone.hangUp" : "phone.call")}
      </Button>
      <Said call={phone.call} caption={live.caption} textLost={live.link === "lost"} />
      <div className="telephone-keys">
        <Keypad label={t("phone.keypad")} onPress={press} isDisabled={phone.call?.phase !== "talking"} />
        <p className="soft small pressed-keys">{pressed === "" ? " " : t("phone.pressed", { keys: pressed })}</p>
      </div>
      {phone.callProblem !== null && <ErrorNotice code={phone.callProblem} />}
      {phone.link === "lost" && !on && <ErrorNotice code="LINE_LOST" />}
    </section>
  );
}

/**
 * What is being said, as text, and where the call is. The text itself is not a live region: who hears the voice would hear it
 * twice; the stage is.
 */
function Said({ call, caption, textLost }: { call: TalkState | null; caption: CaptionView | null; textLost: boolean }) {
  const { t, pick, language } = useText();
  // Captions of an earlier call from this page are over when a new one is made.
  const [old, setOld] = useState<string | null>(null);
  const on = call !== null;
  useEffect(() => {
    if (!on && caption !== null) setOld(caption.call);
  }, [on, caption]);
  const current = caption !== null && (caption.call !== old || !on) ? caption : null;
  const stage = current?.stage ?? null;

  const where = () => {
    if (call === null) return stage === null ? t("phone.idle") : t("phone.ended");
    if (call.phase === "calling") return t("phone.calling");
    if (stage === "talk") return t("phone.talking");
    if (stage === "queue" && current?.place !== undefined) return t("phone.place", { count: current.place });
    return stage === "queue" ? t("phone.waiting") : t("phone.connected");
  };
  return (
    <div className="said panel" data-stage={stage ?? "none"}>
      <p className="said-where">
        <span role="status">{where()}</span>
        {call !== null && call.phase === "talking" && <TalkTime since={call.since} />}
      </p>
      <p className="said-text" lang={language}>
        {on && textLost ? t("phone.noText") : on && current?.text ? pick(current.text) : ""}
      </p>
    </div>
  );
}

function TalkTime({ since }: { since: number }) {
  const { t } = useText();
  useNow();
  return (
    <span className="soft">
      <span className="hidden-text">{t("phone.lasted")} </span>
      {clockTime(Date.now() - since)}
    </span>
  );
}
