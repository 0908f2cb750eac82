import { Phone } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { setLanguage, useText } from "../text/text.ts";

interface PageProps {
  readonly title: string;
  readonly children: ReactNode;
  /** What stands in the top bar between the name and the language. */
  readonly bar?: ReactNode;
  /** A class on the main part, for pages with a layout of their own. */
  readonly layout?: string;
}

/** The frame of every page: skip link, top bar, main part. */
export function Page({ title, children, bar, layout = "page" }: PageProps) {
  const { t } = useText();
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      <header className="top">
        <a className="brand" href="/">
          <Phone className="icon" aria-hidden="true" />
          {t("brand")}
        </a>
        {bar}
        <LanguageSwitch />
      </header>
      <main id="main" className={layout} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

/** Names the other language in that language, and changes to it. */
function LanguageSwitch() {
  const { t, language } = useText();
  const other = language === "sv" ? "en" : "sv";
  return (
    <button type="button" className="plain-button language" lang={other} onClick={() => setLanguage(other)}>
      {t("otherLanguage")}
    </button>
  );
}
