import type { PlanReply } from "../../../api/contract.ts";
import type { Level } from "../../../core/plan/plan.ts";
import type { Skill } from "../../../core/routing/types.ts";
import { Choice } from "../../parts/Choice.tsx";
import { useText } from "../../text/text.ts";

interface SkillRowsProps {
  readonly groups: PlanReply["groups"];
  readonly skills: readonly Skill[];
  readonly onChange: (skills: readonly Skill[]) => void;
}

const levels = [1, 2, 3, 4, 5] as const satisfies readonly Level[];
const lines = [1, 2] as const;

/** Each of the city's groups with the agent's level and line in it. */
export function SkillRows({ groups, skills, onChange }: SkillRowsProps) {
  const { t, pick } = useText();
  const levelChoices = [
    { id: "0", name: t("competence.levels.0") },
    ...levels.map((level) => ({ id: String(level), name: t(`competence.levels.${level}`) })),
  ];
  const lineChoices = lines.map((line) => ({ id: String(line), name: t(`competence.lines.${line}`) }));

  /** In the plan's order, whatever was set first. */
  const set = (group: string, changed: Skill | undefined) =>
    onChange(
      groups.flatMap(({ id }) => {
        const skill = id === group ? changed : skills.find((skill) => skill.group === id);
        return skill === undefined ? [] : [skill];
      }),
    );

  return (
    <ul className="skill-rows">
      {groups.map(({ id, name }) => {
        const skill = skills.find(({ group }) => group === id);
        return (
          <li key={id} className="skill-row">
            <span className="skill-name">{pick(name)}</span>
            <Choice
              label={t("competence.levelIn", { name: pick(name) })}
              hideLabel
              value={String(skill?.level ?? 0)}
              choices={levelChoices}
              onChange={(chosen) => {
                const level = levels.find((level) => String(level) === chosen);
                set(id, level && { group: id, level, line: skill?.line ?? 1 });
              }}
            />
            {skill !== undefined && (
              <Choice
                label={t("competence.lineIn", { name: pick(name) })}
                hideLabel
                value={String(skill.line)}
                choices={lineChoices}
                onChange={(chosen) => {
                  const line = lines.find((line) => String(line) === chosen);
                  if (line !== undefined) set(id, { ...skill, line });
                }}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}
