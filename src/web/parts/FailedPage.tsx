import { Component, type ReactNode } from "react";
import { useText } from "../text/text.ts";
import { Button } from "./Button.tsx";
import { Page } from "./Page.tsx";

/** Catches what breaks while a page is drawn, so that nobody sits before an empty window. */
export class FailedPage extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Failed /> : this.props.children;
  }
}

function Failed() {
  const { t } = useText();
  return (
    <Page title={t("failed.heading")}>
      <div className="stack" role="alert">
        <h1>{t("failed.heading")}</h1>
        <p>{t("failed.text")}</p>
        <div className="row">
          <Button primary onPress={() => location.reload()}>
            {t("failed.reload")}
          </Button>
        </div>
      </div>
    </Page>
  );
}
