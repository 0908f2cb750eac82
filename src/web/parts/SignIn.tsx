import { type FormEvent, useState } from "react";
import { Form, Input, Label, TextField } from "react-aria-components";
import type { SessionReply } from "../../api/contract.ts";
import { api, codeOf } from "../client/http.ts";
import { useText } from "../text/text.ts";
import { Button } from "./Button.tsx";
import { ErrorNotice, Notice } from "./Notice.tsx";

/** The sign-in form, shown in place on the page that needs it. */
export function SignIn({ onDone }: { onDone: (session: SessionReply) => void }) {
  const { t } = useText();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const [user, password] = [String(fields.get("user")).trim(), String(fields.get("password"))];
    if (user === "" || password === "") return setProblem("EMPTY");
    setBusy(true);
    try {
      onDone(await api.signIn(user, password));
    } catch (thrown) {
      setProblem(codeOf(thrown));
      setBusy(false);
    }
  };

  return (
    <Form className="panel stack sign-in" onSubmit={(event) => void submit(event)} aria-labelledby="sign-in">
      <h1 id="sign-in">{t("signIn.heading")}</h1>
      {problem === "EMPTY" && (
        <Notice kind="waiting" spoken>
          <p>{t("signIn.needed")}</p>
        </Notice>
      )}
      {problem !== null && problem !== "EMPTY" && <ErrorNotice code={problem} />}
      <TextField className="field" name="user" autoComplete="username">
        <Label>{t("signIn.user")}</Label>
        <Input autoCapitalize="none" spellCheck={false} />
      </TextField>
      <TextField className="field" name="password" type="password" autoComplete="current-password">
        <Label>{t("signIn.password")}</Label>
        <Input />
      </TextField>
      <div className="row">
        <Button type="submit" primary isPending={busy} shortcut="⏎">
          {t("signIn.submit")}
        </Button>
      </div>
    </Form>
  );
}
