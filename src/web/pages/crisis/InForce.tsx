import { useState } from "react";
import type { PlanReply } from "../../../api/contract.ts";
import type { Text } from "../../../core/plan/plan.ts";
import type { AnnouncementView } from "../../../engine/views.ts";
import { api, codeOf } from "../../client/http.ts";
import { Button } from "../../parts/Button.tsx";
import { ErrorNotice } from "../../parts/Notice.tsx";
import { languageName } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import { untilWords } from "./until.ts";

/** The announcements that callers hear now, each with a button that clears it. */
export function InForce({ announcements, plan }: { announcements: readonly AnnouncementView[]; plan: PlanReply }) {
  const { t, language, pick } = useText();
  const [problem, setProblem] = useState<string | null>(null);
  const clear = async (id: string) => {
    setProblem(null);
    try {
      await api.clearAnnouncement(id);
    } catch (thrown) {
      setProblem(codeOf(thrown));
    }
  };
  const names = new Map<string, Text>(
    [...plan.groups, ...plan.menus]
      .map(({ id, name }): [string, Text] => [id, name])
      .concat(plan.numbers.map(({ number, name }) => [number, name])),
  );
  const whereOf = ({ where }: AnnouncementView): string => {
    if (where === "all") return t("crisis.everywhere");
    const places = [...(where.numbers ?? []), ...(where.menus ?? []), ...(where.groups ?? [])];
    return places.map((id) => pick(names.get(id) ?? { sv: id, en: id })).join(", ");
  };
  return (
    <section className="panel stack" aria-labelledby="in-force">
      <h2 id="in-force">{t("crisis.inForce")}</h2>
      <p role="status">{announcements.length === 0 ? t("crisis.none") : t("crisis.count", { count: announcements.length })}</p>
      {problem !== null && <ErrorNotice code={problem} />}
      {announcements.length > 0 && (
        <ul className="in-force">
          {announcements.map((one) => (
            <li key={one.id} className="stack tight">
              <p className="announcement-text">{one.text === "" ? t("crisis.recorded") : one.text}</p>
              <p className="soft">
                {whereOf(one)} ·{" "}
                {t("crisis.by", { by: one.by, since: untilWords(one.since, language), until: untilWords(one.until, language) })}
              </p>
              <HeardIn announcement={one} />
              <div className="row">
                <Button onPress={() => void clear(one.id)} aria-label={t("crisis.clearOf", { text: one.text.slice(0, 40) })}>
                  {t("crisis.clear")}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** In which languages it is heard by now, and what the others hear. */
function HeardIn({ announcement }: { announcement: AnnouncementView }) {
  const { t, language } = useText();
  const { languages, heardIn, notIn } = announcement;
  const names = (codes: readonly string[]) => codes.map((code) => languageName(code, language)).join(", ");
  const soon = languages.filter((code) => !heardIn.includes(code) && !notIn.includes(code));
  const instead = { first: names(heardIn.slice(0, 1)) };
  return (
    <p className="soft" role="status">
      {t("crisis.heardIn", { languages: names(heardIn) })}{" "}
      {soon.length > 0 && t("crisis.soonIn", { languages: names(soon), ...instead })}{" "}
      {notIn.length > 0 && <strong>{t("crisis.notIn", { languages: names(notIn), ...instead })}</strong>}
    </p>
  );
}
