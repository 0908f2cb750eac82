import { Dialog, Heading, Modal, ModalOverlay, Switch } from "react-aria-components";
import { useStore } from "../../client/store.ts";
import { Button } from "../../parts/Button.tsx";
import { DataTable } from "../../parts/DataTable.tsx";
import { setShortcutsOn, shortcutsOn } from "../../parts/shortcuts.ts";
import { useText } from "../../text/text.ts";

/** The list of keys, and the switch that turns them off. */
export function KeysDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useText();
  const on = useStore(shortcutsOn);
  const rows = [
    ["⏎", t("agent.call.answer")],
    ["A", t("agent.call.refuse")],
    ["P", `${t("agent.call.hold")} / ${t("agent.call.resume")}`],
    ["M", `${t("agent.call.mute")} / ${t("agent.call.unmute")}`],
    ["T", t("agent.call.keypad")],
    ["L", t("agent.call.hangUp")],
    ["N", t("agent.back.reached")],
    ["I", t("agent.back.notReached")],
    ["R", `${t("agent.interpreter.ring")} / ${t("agent.interpreter.release")}`],
    ["D", t("agent.district.choose")],
    ["1–6", t("agent.keys.outcomes")],
    ["⏎", t("agent.keys.done")],
    ["S", t("agent.keys.state")],
    ["B", t("agent.goAvailable")],
    ["F", t("profile.heading")],
    ["?", t("agent.keys.help")],
  ] as const;
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className="modal">
        <Dialog className="stack">
          <Heading slot="title">{t("agent.keys.heading")}</Heading>
          <DataTable
            caption={t("agent.keys.heading")}
            hideCaption
            rows={rows}
            rowKey={([, does]) => does}
            columns={[
              { key: "does", title: t("agent.keys.does"), head: true, cell: ([, does]) => does },
              { key: "key", title: t("agent.keys.key"), figure: true, cell: ([key]) => <kbd>{key}</kbd> },
            ]}
          />
          <Switch className="switch" isSelected={on} onChange={setShortcutsOn}>
            <span className="switch-track" aria-hidden="true">
              <span className="switch-knob" />
            </span>
            <span>{t("agent.keys.enabled")}</span>
          </Switch>
          <p className="soft small">{t("agent.keys.enabledText")}</p>
          <div className="row">
            <Button primary autoFocus onPress={onClose} shortcut="Esc">
              {t("close")}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
