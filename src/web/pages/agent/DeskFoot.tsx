import { Keyboard, Mic, MicOff, Phone, PhoneOff, UserRound } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "../../parts/Button.tsx";
import { useShortcuts } from "../../parts/shortcuts.ts";
import { useText } from "../../text/text.ts";
import { KeysDialog } from "./KeysDialog.tsx";
import { ProfileDialog } from "./ProfileDialog.tsx";
import type { DeskParts } from "./useDesk.ts";

/** Quiet facts at the foot of the desk: telephone, microphone, the profile, and the list of keys. */
export function DeskFoot({ parts }: { parts: DeskParts }) {
  const { t } = useText();
  const [keysShown, setKeysShown] = useState(false);
  const [profileShown, setProfileShown] = useState(false);
  useShortcuts([
    { key: "?", run: () => setKeysShown(true) },
    { key: "f", run: () => setProfileShown(true) },
  ]);
  // A call that rings is answered on the desk behind; what was open does not come back in the middle of the talk.
  const ringing = parts.situation.phase === "ringing";
  useEffect(() => {
    if (!ringing) return;
    setKeysShown(false);
    setProfileShown(false);
  }, [ringing]);
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
      <span className="push row">
        <Button shortcut="F" icon={<UserRound className="icon" aria-hidden="true" />} onPress={() => setProfileShown(true)}>
          {t("profile.heading")}
        </Button>
        <Button shortcut="?" icon={<Keyboard className="icon" aria-hidden="true" />} onPress={() => setKeysShown(true)}>
          {t("agent.keys.open")}
        </Button>
      </span>
      {profileShown && <ProfileDialog onClose={() => setProfileShown(false)} />}
      <KeysDialog isOpen={keysShown} onClose={() => setKeysShown(false)} />
    </footer>
  );
}
