import { Page } from "../parts/Page.tsx";
import { useText } from "../text/text.ts";

/** For addresses that lead nowhere. */
export function MissingPage() {
  const { t } = useText();
  return (
    <Page title={t("title.missing")}>
      <div className="stack">
        <h1>{t("missing.heading")}</h1>
        <p>{t("missing.text")}</p>
        <p>
          <a href="/">{t("missing.back")}</a>
        </p>
      </div>
    </Page>
  );
}
