import { useText } from "../text/text.ts";
import { Page } from "./Page.tsx";

/** While a page's own files are on their way: says so, but only when it takes long enough to be noticed. */
export function LoadingPage() {
  const { t } = useText();
  return (
    <Page title={t("brand")}>
      <p className="soft late">{t("loading")}</p>
    </Page>
  );
}
