import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button } from "../../parts/Button.tsx";
import { useText } from "../../text/text.ts";

interface ConfirmProps {
  readonly isOpen: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
  /** All who call, or only those who come to some places. */
  readonly everywhere: boolean;
  readonly text: string;
  readonly languages: readonly string[];
  readonly until: string;
}

/** The one question before callers hear it. */
export function ConfirmDialog({ isOpen, onYes, onNo, everywhere, text, languages, until }: ConfirmProps) {
  const { t } = useText();
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} isDismissable onOpenChange={(open) => !open && onNo()}>
      <Modal className="modal">
        <Dialog className="stack" role="alertdialog">
          <Heading slot="title">{t(everywhere ? "crisis.sure" : "crisis.sureSome")}</Heading>
          <blockquote className="announcement-text">{text}</blockquote>
          <p>{t("crisis.sureText", { languages: languages.join(", "), until })}</p>
          <div className="row">
            <Button primary autoFocus onPress={onYes} shortcut="⏎">
              {t("crisis.publish")}
            </Button>
            <Button onPress={onNo} shortcut="Esc">
              {t("crisis.cancel")}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
