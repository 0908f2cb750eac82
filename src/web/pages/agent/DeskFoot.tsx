import { Keyboard, Mic, MicOff, Phone, PhoneOff } from "lucide-react";
import { useState } from "react";
import { Button } from "../../parts/Button.tsx";
import { useShortcuts } from "../../parts/shortcuts.ts";
import { useText } from "../../text/text.ts";
import { KeysDialog } from "./KeysDialog.tsx";
import type { DeskParts } from "./useDesk.ts";

/** Quiet facts at the foot of the desk: telephone, microphone, and the list of keys. */
export function DeskFoot({ parts }: { parts: DeskParts }) {
  const { t } = useText();
  const [keysShown, setKeysShown] = useState(false);
  useShortcuts([{ key: "?", run: () => setKeysShown(true) }]);
  const { microphone } = parts.desk;
  const { link } = parts.phone;
  const heard = microphone === "ok" ? "ok" : microphone === "unknown" ? "unknown" : "failed";
  const PhoneIcon = link === "ready" ? Phone : PhoneOff;
  const MicIcon = heard === "failed" ? MicOff : Mic;
  return (
    <footer className="desk-foot row small">
      <span className={`status ${link === "lost" ? "wrong" : "soft"}`}>
        <PhoneIcon className="icon" aria-hidden="true" />
        {t(`agent.phone.${link}`)}
      </span>
      <span className={`status ${heard === "failed" ? "wrong" : "soft"}`}>
        <MicIcon className="icon" aria-hidden="true" />
        {t(`agent.microphone.${heard}`)}
      </span>
      <span className="push">
        <Button shortcut="?" icon={<Keyboard className="icon" aria-hidden="true" />} onPress={() => setKeysShown(true)}>
          {t("agent.keys.open")}
        </Button>
      </span>
      <KeysDialog isOpen={keysShown} onClose={() => setKeysShown(false)} />
    </footer>
  );
}
