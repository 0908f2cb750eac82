import type { AnnouncementView } from "../../engine/views.ts";
import { dateLocale } from "../text/format.ts";
import { useText } from "../text/text.ts";
import { Notice } from "./Notice.tsx";

/** What callers hear now on top of all else, for everybody who works here: spoken at once when it comes. */
export function Announcements({ announcements }: { announcements: readonly AnnouncementView[] }) {
  const { t, language } = useText();
  const clock = new Intl.DateTimeFormat(dateLocale(language), { hour: "2-digit", minute: "2-digit" });
  return announcements.map(({ id, text, until }) => (
    <Notice key={id} kind="waiting" spoken>
      <p>
        <strong>{t("crisis.callersHear")}</strong> {text === "" ? t("crisis.recorded") : text}{" "}
        <span className="soft">{t("crisis.untilShort", { until: clock.format(until) })}</span>
      </p>
    </Notice>
  ));
}
