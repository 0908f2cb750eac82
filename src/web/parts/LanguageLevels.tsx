import { X } from "lucide-react";
import { useRef, useState } from "react";
import { type Language, type LanguageLevel, languageLevels } from "../../core/plan/plan.ts";
import type { Competence } from "../../core/routing/types.ts";
import { capital, languageName, ownLanguageName } from "../text/format.ts";
import { useText } from "../text/text.ts";
import { Button } from "./Button.tsx";
import { Choice } from "./Choice.tsx";

type Languages = Competence["languages"];

interface LanguageLevelsProps {
  readonly value: Languages;
  /** Those that may be chosen, in the order in which they are shown. */
  readonly languages: readonly Language[];
  readonly onChange: (value: Languages) => void;
}

/** Languages with their level: change one, take one away, add one. */
export function LanguageLevels({ value, languages, onChange }: LanguageLevelsProps) {
  const { t, language } = useText();
  const [said, setSaid] = useState("");
  const add = useRef<HTMLButtonElement>(null);
  const levels = languageLevels.toReversed().map((id) => ({ id, name: t(`competence.languageLevels.${id}`) }));
  const nameOf = (code: Language) => capital(languageName(code, language));
  const others = languages.filter((code) => !(code in value));

  const set = (code: Language, level: LanguageLevel) => {
    onChange({ ...value, [code]: level });
    setSaid(`${nameOf(code)}: ${t(`competence.languageLevels.${level}`)}`);
  };
  const remove = (code: Language) => {
    const { [code]: _, ...rest } = value;
    onChange(rest);
    setSaid(t("competence.removed", { name: nameOf(code) }));
    // The button that had the focus goes with its row.
    add.current?.focus();
  };

  return (
    <div className="stack language-editor">
      {Object.keys(value).length === 0 && <p className="soft">{t("competence.noLanguage")}</p>}
      <ul className="language-levels">
        {[...languages, ...Object.keys(value).filter((code) => !languages.includes(code))].map((code) => {
          const level = value[code];
          if (level === undefined) return null;
          return (
            <li key={code} className="language-level">
              <LanguageName code={code} />
              <Choice
                label={t("competence.levelOf", { name: nameOf(code) })}
                hideLabel
                value={level}
                choices={levels}
                onChange={(level) => set(code, level as LanguageLevel)}
              />
              <Button
                aria-label={t("competence.remove", { name: nameOf(code) })}
                icon={<X className="icon" aria-hidden="true" />}
                onPress={() => remove(code)}
              >
                {t("competence.removeShort")}
              </Button>
            </li>
          );
        })}
      </ul>
      <Choice
        label={t("competence.addLanguage")}
        placeholder={t(others.length > 0 ? "competence.choose" : "competence.allLanguages")}
        value={null}
        choices={others.map((code) => ({ id: code, name: bothNames(nameOf(code), ownLanguageName(code)) }))}
        onChange={(code) => set(code, "good")}
        button={add}
      />
      <p className="hidden-text" role="status">
        {said}
      </p>
    </div>
  );
}

/** "Finska" with "suomi" beside it, each marked with its language for screen readers. */
export function LanguageName({ code }: { code: Language }) {
  const { language } = useText();
  const [name, own] = [languageName(code, language), ownLanguageName(code)];
  return (
    <span>
      {capital(name)}
      {own.toLowerCase() !== name.toLowerCase() && (
        <>
          {" "}
          <bdi lang={code} className="soft">
            {own}
          </bdi>
        </>
      )}
    </span>
  );
}

function bothNames(name: string, own: string): string {
  return own.toLowerCase() === name.toLowerCase() ? name : `${name} · ${own}`;
}
