import { type FormEvent, useId, useState } from "react";
import { Checkbox, CheckboxGroup, Form, Label, Radio, RadioGroup } from "react-aria-components";
import type { AnnouncementBody, PlanReply } from "../../../api/contract.ts";
import { serverNow } from "../../client/clock.ts";
import { api, codeOf } from "../../client/http.ts";
import { Button } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Choice.tsx";
import { ErrorNotice, Notice } from "../../parts/Notice.tsx";
import { languageName } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { LanguagePart, type Said } from "./LanguagePart.tsx";
import { lasting, untilWords, usualMinutes } from "./until.ts";

type State = { readonly is: "writing" | "asked" | "sending" | "sent" } | { readonly is: "failed"; readonly code: string };
const kinds = ["numbers", "menus", "groups"] as const;
type Places = Readonly<Record<(typeof kinds)[number], readonly string[]>>;
const nowhere: Places = { numbers: [], menus: [], groups: [] };

/** A new announcement. Nothing is heard before it is confirmed; then the next caller hears it. `full`: no more may be in force. */
export function AnnouncementForm({ plan, full }: { plan: PlanReply; full: boolean }) {
  const { t, language, pick } = useText();
  const [said, setSaid] = useState<Readonly<Record<string, Said>>>({});
  const [everywhere, setEverywhere] = useState(true);
  const [places, setPlaces] = useState(nowhere);
  const [minutes, setMinutes] = useState(usualMinutes);
  const [alsoWaiting, setAlsoWaiting] = useState(true);
  const [state, setState] = useState<State>({ is: "writing" });
  const more = useId();

  const [main = "sv", ...others] = plan.spoken;
  // Of one language, whatever has become of the others since: a recording takes its time on the way.
  const sayIn = (code: string) => (part: Partial<Said>) => {
    setSaid((now) => ({ ...now, [code]: { text: "", ...now[code], ...part } }));
    setState({ is: "writing" });
  };
  const body = bodyOf(said, everywhere ? "all" : places, minutes, alsoWaiting);
  const isComplete = main in body.texts || main in body.recordings;
  const hasPlace = everywhere || kinds.some((kind) => places[kind].length > 0);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete && hasPlace) setState({ is: "asked" });
  };
  const publish = async () => {
    setState({ is: "sending" });
    try {
      await api.announce(body);
      setSaid({});
      setState({ is: "sent" });
    } catch (thrown) {
      setState({ is: "failed", code: codeOf(thrown) });
    }
  };
  const until = untilWords(serverNow() + minutes * 60_000, language);
  const named = {
    numbers: plan.numbers.map(({ number, name }) => ({ id: number, name })),
    menus: plan.menus,
    groups: plan.groups,
  };

  return (
    <Form className="panel stack crisis-form" aria-labelledby="new-announcement" onSubmit={ask}>
      <h2 id="new-announcement">{t("crisis.new")}</h2>
      <LanguagePart language={main} value={said[main]} onChange={sayIn(main)} required />
      {others.length > 0 && (
        <details>
          <summary>{t("crisis.moreLanguages")}</summary>
          <div className="stack" id={more}>
            <p className="soft">{t("crisis.moreLanguagesText", { language: languageName(main, language) })}</p>
            {others.map((code) => (
              <LanguagePart key={code} language={code} value={said[code]} onChange={sayIn(code)} />
            ))}
          </div>
        </details>
      )}
      <RadioGroup className="field" value={everywhere ? "all" : "some"} onChange={(value) => setEverywhere(value === "all")}>
        <Label>{t("crisis.where")}</Label>
        {(["all", "some"] as const).map((value) => (
          <Radio key={value} value={value} className="radio">
            <span className="radio-mark" aria-hidden="true" />
            <span>{t(value === "all" ? "crisis.everywhere" : "crisis.somewhere")}</span>
          </Radio>
        ))}
      </RadioGroup>
      {!everywhere &&
        kinds.map((kind) => (
          <CheckboxGroup
            key={kind}
            className="places"
            value={[...places[kind]]}
            onChange={(chosen) => setPlaces({ ...places, [kind]: chosen })}
          >
            <Label>{t(`crisis.${kind}`)}</Label>
            {named[kind].map(({ id, name }) => (
              <Checkbox key={id} value={id} className="checkbox">
                <span className="checkbox-mark" aria-hidden="true" />
                <span>{pick(name)}</span>
              </Checkbox>
            ))}
          </CheckboxGroup>
        ))}
      <Choice
        label={t("crisis.until")}
        value={String(minutes)}
        choices={lasting.map((choice) => ({ id: String(choice), name: lengthName(choice, language) }))}
        onChange={(id) => setMinutes(Number(id))}
      />
      <p>{t("crisis.endsAt", { until })}</p>
      <Checkbox className="checkbox" isSelected={alsoWaiting} onChange={setAlsoWaiting}>
        <span className="checkbox-mark" aria-hidden="true" />
        <span>{t("crisis.alsoWaiting")}</span>
      </Checkbox>
      {full && (
        <Notice kind="waiting">
          <p>{t("crisis.full")}</p>
        </Notice>
      )}
      {state.is === "failed" && <ErrorNotice code={state.code} />}
      <div className="row">
        <Button type="submit" primary isPending={state.is === "sending"} isDisabled={!isComplete || !hasPlace || full}>
          {t("crisis.publish")}
        </Button>
        <p role="status" className={state.is === "sent" ? "free" : "soft"}>
          {state.is === "sent" && t("crisis.published")}
          {state.is === "sending" && t("crisis.publishing")}
          {state.is !== "sent" && !isComplete && t("crisis.incomplete", { language: languageName(main, language) })}
        </p>
      </div>
      <ConfirmDialog
        isOpen={state.is === "asked"}
        onYes={() => void publish()}
        onNo={() => setState({ is: "writing" })}
        everywhere={everywhere}
        until={until}
        text={body.texts[main] ?? t("crisis.recorded")}
        languages={[...new Set([...Object.keys(body.texts), ...Object.keys(body.recordings)])].map((code) =>
          languageName(code, language),
        )}
      />
    </Form>
  );
}

function bodyOf(
  said: Readonly<Record<string, Said>>,
  places: "all" | Places,
  minutes: number,
  alsoWaiting: boolean,
): AnnouncementBody {
  const entries = Object.entries(said);
  const texts = entries.flatMap(([code, { text, recording }]): [string, string][] =>
    recording === undefined && text.trim() !== "" ? [[code, text.trim()]] : [],
  );
  const recordings = entries.flatMap(([code, { recording }]): [string, string][] =>
    recording === undefined ? [] : [[code, recording]],
  );
  return {
    where: places,
    texts: Object.fromEntries(texts),
    recordings: Object.fromEntries(recordings),
    minutes,
    alsoWaiting,
  };
}

/** "2 timmar", "30 minuter", "7 dygn". */
function lengthName(minutes: number, language: string): string {
  const [value, unit] =
    minutes < 60
      ? ([minutes, "minute"] as const)
      : minutes < 1440
        ? ([minutes / 60, "hour"] as const)
        : ([minutes / 1440, "day"] as const);
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);
}
