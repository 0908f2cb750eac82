import { type FormEvent, useState } from "react";
import { Form, Input, Label, TextField } from "react-aria-components";
import type { PlanReply } from "../../../api/contract.ts";
import { Button } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Choice.tsx";
import { Notice } from "../../parts/Notice.tsx";
import { useText } from "../../text/text.ts";
import { type Preset, periodOf, presets, today, validPeriod } from "./period.ts";

export interface Question {
  readonly preset: Preset;
  readonly from: string;
  readonly to: string;
  /** "" for all groups. */
  readonly group: string;
}

interface ChooserProps {
  readonly groups: PlanReply["groups"];
  readonly question: Question;
  readonly onAsk: (question: Question) => void;
}

/** Period and group. Choices from the lists count at once; own dates when "show" is pressed. */
export function Chooser({ groups, question, onAsk }: ChooserProps) {
  const { t, pick } = useText();
  const [dates, setDates] = useState({ from: question.from, to: question.to });
  const [wrong, setWrong] = useState(false);

  const choosePreset = (preset: Preset) => {
    setWrong(false);
    const period = preset === "own" ? { from: question.from, to: question.to } : periodOf(preset, today(Date.now()));
    setDates(period);
    onAsk({ ...question, ...period, preset });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(!validPeriod(dates));
    if (validPeriod(dates)) onAsk({ ...question, ...dates });
  };

  return (
    <Form className="chooser" aria-label={t("statistics.choose")} onSubmit={submit}>
      <Choice
        label={t("statistics.period")}
        value={question.preset}
        choices={presets.map((preset) => ({ id: preset, name: t(`statistics.periods.${preset}`) }))}
        onChange={(preset) => choosePreset(preset as Preset)}
      />
      <Choice
        label={t("statistics.group")}
        value={question.group}
        choices={[{ id: "", name: t("statistics.all") }, ...groups.map(({ id, name }) => ({ id, name: pick(name) }))]}
        onChange={(group) => onAsk({ ...question, group })}
      />
      {question.preset === "own" && (
        <>
          <DateField label={t("statistics.from")} value={dates.from} onChange={(from) => setDates({ ...dates, from })} />
          <DateField label={t("statistics.to")} value={dates.to} onChange={(to) => setDates({ ...dates, to })} />
          <Button type="submit" shortcut="⏎">
            {t("statistics.show")}
          </Button>
        </>
      )}
      {wrong && (
        <Notice kind="waiting" spoken>
          <p>{t("statistics.badPeriod")}</p>
        </Notice>
      )}
    </Form>
  );
}

function DateField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <TextField className="field" type="date" value={value} onChange={onChange}>
      <Label>{label}</Label>
      <Input />
    </TextField>
  );
}
