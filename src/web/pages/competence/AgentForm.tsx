import { type FormEvent, useEffect, useState } from "react";
import { Checkbox, CheckboxGroup, Form, Input, Label, TextField } from "react-aria-components";
import type { AgentProfileReply, AgentsReply, PlanReply } from "../../../api/contract.ts";
import type { Competence } from "../../../core/routing/types.ts";
import { api, codeOf } from "../../client/http.ts";
import { Button } from "../../parts/Button.tsx";
import { LanguageLevels } from "../../parts/LanguageLevels.tsx";
import { ErrorNotice } from "../../parts/Notice.tsx";
import { useText } from "../../text/text.ts";
import { SkillRows } from "./SkillRows.tsx";

interface AgentFormProps extends AgentsReply {
  readonly agent: AgentProfileReply;
  readonly plan: PlanReply;
}

type State = { readonly is: "same" | "changed" | "sending" | "saved" } | { readonly is: "failed"; readonly code: string };

/** One agent's competence. Nothing holds before "save" is pressed; then it holds at once. */
export function AgentForm({ agent, agents, plan }: AgentFormProps) {
  const { t } = useText();
  const [value, setValue] = useState(() => knownHere(agent.competence, plan));
  const [state, setState] = useState<State>({ is: "same" });
  /** The agent sets the languages too: only what was changed here is written over that. */
  const [languagesTouched, setLanguagesTouched] = useState(false);
  const unsaved = state.is === "changed" || state.is === "failed";

  useEffect(() => {
    if (!unsaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [unsaved]);

  const change = (part: Partial<Competence>) => {
    setValue({ ...value, ...part });
    setState({ is: "changed" });
    if (part.languages) setLanguagesTouched(true);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setState({ is: "sending" });
    try {
      const { languages } = languagesTouched ? value : (await api.competence(agent.id)).competence;
      const { competence } = await api.setCompetence(agent.id, { ...value, languages, site: value.site.trim() });
      setValue(competence);
      setLanguagesTouched(false);
      setState({ is: "saved" });
    } catch (thrown) {
      setState({ is: "failed", code: codeOf(thrown) });
    }
  };

  const sites = [...new Set(agents.map(({ competence }) => competence.site))].filter((site) => site !== "");
  return (
    <Form className="stack competence-form" aria-label={agent.name} onSubmit={(event) => void save(event)}>
      <section className="panel stack" aria-labelledby="subjects">
        <h2 id="subjects">{t("competence.subjects")}</h2>
        <p className="soft">{t("competence.subjectsText")}</p>
        <SkillRows groups={plan.groups} skills={value.skills} onChange={(skills) => change({ skills })} />
      </section>
      <section className="panel stack" aria-labelledby="languages">
        <h2 id="languages">{t("competence.languages")}</h2>
        <p className="soft">{t("competence.languagesText")}</p>
        <LanguageLevels value={value.languages} languages={plan.languages} onChange={(languages) => change({ languages })} />
      </section>
      <section className="panel stack" aria-labelledby="districts">
        <h2 id="districts">{t("competence.districts")}</h2>
        {plan.districts.length === 0 && <p className="soft">{t("competence.cityWithoutDistricts")}</p>}
        <CheckboxGroup
          className="districts"
          aria-labelledby="districts"
          value={[...value.districts]}
          onChange={(districts) => change({ districts })}
        >
          {plan.districts.map((district) => (
            <Checkbox key={district} value={district} className="checkbox">
              <span className="checkbox-mark" aria-hidden="true" />
              <span>{district}</span>
            </Checkbox>
          ))}
        </CheckboxGroup>
      </section>
      <section className="panel stack" aria-labelledby="site">
        <h2 id="site">{t("competence.site")}</h2>
        <TextField className="field" value={value.site} onChange={(site) => change({ site })}>
          <Label>{t("competence.siteText")}</Label>
          <Input list="sites" maxLength={100} />
        </TextField>
        <datalist id="sites">
          {sites.map((site) => (
            <option key={site} value={site} />
          ))}
        </datalist>
      </section>
      {state.is === "failed" && <ErrorNotice code={state.code} />}
      <div className="row">
        <Button type="submit" primary isPending={state.is === "sending"} shortcut="⏎">
          {t("competence.save")}
        </Button>
        <p role="status" className={state.is === "saved" ? "free" : "soft"}>
          {state.is === "saved" && t("competence.saved")}
          {unsaved && t("competence.unsaved")}
        </p>
      </div>
    </Form>
  );
}

/** What the plan no longer has goes with the next save. */
function knownHere(competence: Competence, plan: PlanReply): Competence {
  return {
    ...competence,
    skills: competence.skills.filter(({ group }) => plan.groups.some(({ id }) => id === group)),
    districts: competence.districts.filter((district) => plan.districts.includes(district)),
  };
}
