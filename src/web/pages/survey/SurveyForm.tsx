import { type FormEvent, type ReactNode, useState } from "react";
import { Form, Label, Radio, RadioGroup } from "react-aria-components";
import type { SurveyBody, SurveyReply } from "../../../api/contract.ts";
import { surveyAnswers } from "../../../core/facts.ts";
import type { Text } from "../../../core/plan/plan.ts";
import { codeOf } from "../../client/http.ts";
import { Button } from "../../parts/Button.tsx";
import { ErrorNotice } from "../../parts/Notice.tsx";
import { say } from "./say.ts";

type Answers = SurveyBody["answers"];
type State = { readonly is: "writing" | "nothing" | "sending" } | { readonly is: "failed"; readonly code: string };

interface FormProps {
  readonly survey: SurveyReply;
  readonly both: (text: Text) => ReactNode;
  readonly send: (answers: Answers) => Promise<void>;
  readonly onSent: () => void;
  readonly onClosed: () => void;
}

/** Each question with 1 to 5, of which any may be left out, but not all. */
export function SurveyForm({ survey, both, send, onSent, onClosed }: FormProps) {
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const [state, setState] = useState<State>({ is: "writing" });
  const answers: Answers = survey.questions.flatMap(({ id: question }) => {
    const answer = surveyAnswers.find((one) => String(one) === chosen[question]);
    return answer === undefined ? [] : [{ question, answer }];
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (state.is === "sending") return;
    if (answers.length === 0) return setState({ is: "nothing" });
    setState({ is: "sending" });
    try {
      await send(answers);
      onSent();
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code === "NOT_FOUND") onClosed();
      else setState({ is: "failed", code });
    }
  };

  return (
    <Form className="stack" onSubmit={(event) => void submit(event)}>
      <p>{both(say("intro"))}</p>
      {survey.questions.map(({ id, text }) => (
        <RadioGroup
          key={id}
          className="field survey-question"
          orientation="horizontal"
          value={chosen[id] ?? null}
          onChange={(value) => {
            setChosen({ ...chosen, [id]: value });
            setState({ is: "writing" });
          }}
        >
          <Label>{both(text)}</Label>
          <div className="survey-scale">
            {surveyAnswers.map((answer) => (
              <Radio key={answer} value={String(answer)} className="radio">
                <span className="radio-mark" aria-hidden="true" />
                <span>{answer}</span>
              </Radio>
            ))}
          </div>
        </RadioGroup>
      ))}
      {state.is === "failed" && <ErrorNotice code={state.code} />}
      <div className="row">
        <Button type="submit" primary>
          {both(say("send"))}
        </Button>
        <p role="status">{state.is === "nothing" && both(say("nothing"))}</p>
      </div>
    </Form>
  );
}
