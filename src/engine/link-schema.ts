import Type from "typebox";
import { Compile } from "typebox/compile";
import { outcomes, surveyAnswers } from "../core/facts.ts";
import type { EngineCommand, FromEngine } from "./link-protocol.ts";

/** What may come over the link, and as an agent's command over HTTP. Unknown properties are refused: commands stand in the log as they came. */

const strict = { additionalProperties: false } as const;
const uuid = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";
const call = Type.String({ minLength: 1, maxLength: 100 });

/** A command without its agent: over HTTP the agent is the session's. */
export const agentCommandBody = Type.Union([
  Type.Object({ type: Type.Literal("available") }, strict),
  Type.Object({ type: Type.Literal("pause"), reason: Type.Enum(["lunch", "break", "meeting", "casework", "away"]) }, strict),
  Type.Object({ type: Type.Literal("sign-out") }, strict),
  Type.Object({ type: Type.Literal("answering"), call }, strict),
  Type.Object({ type: Type.Literal("refuse"), call }, strict),
  Type.Object({ type: Type.Literal("hang-up"), call }, strict),
  Type.Object({ type: Type.Literal("reached"), call }, strict),
  Type.Object({ type: Type.Literal("not-reached"), call }, strict),
  Type.Object(
    { type: Type.Literal("interpreter"), call, language: Type.Union([Type.String({ pattern: "^[a-z]{2,3}$" }), Type.Null()]) },
    strict,
  ),
  Type.Object({ type: Type.Literal("district"), call, district: Type.String({ minLength: 1, maxLength: 80 }) }, strict),
  Type.Object({ type: Type.Literal("outcome"), call, outcome: Type.Enum([...outcomes]) }, strict),
  Type.Object({ type: Type.Literal("done"), call }, strict),
]);

const language = Type.String({ pattern: "^[a-z]{2}$" });
const byLanguage = { additionalProperties: false, maxProperties: 20 } as const;
const name = Type.String({ minLength: 1, maxLength: 80 });
const names = Type.Optional(Type.Array(name, { maxItems: 100 }));

/** An announcement as the page sends it; the engine gets it with the name of who sends it. */
export const announcementBody = Type.Object(
  {
    where: Type.Union([Type.Literal("all"), Type.Object({ numbers: names, groups: names, menus: names }, strict)]),
    texts: Type.Record(language, Type.String({ minLength: 1, maxLength: 1_000 }), byLanguage),
    recordings: Type.Record(language, Type.String({ pattern: uuid }), byLanguage),
    /** From now on; at most 7 days. */
    minutes: Type.Integer({ minimum: 1, maximum: 7 * 24 * 60 }),
    alsoWaiting: Type.Boolean(),
  },
  strict,
);

/** Of a survey on a page: to each question at most one. */
export const answersBody = Type.Array(
  Type.Object({ question: Type.String({ minLength: 1, maxLength: 40 }), answer: Type.Enum([...surveyAnswers]) }, strict),
  { minItems: 1, maxItems: 3 },
);

const body = Compile(agentCommandBody);
const user = Type.String({ minLength: 1, maxLength: 100 });
const announcement = Compile(
  Type.Object(
    {
      id: Type.Integer(),
      command: Type.Union([
        Type.Object({ type: Type.Literal("announce"), by: user, ...announcementBody.properties }, strict),
        Type.Object({ type: Type.Literal("clear-announcement"), by: user, announcement: call }, strict),
      ]),
    },
    strict,
  ),
);
const envelope = Compile(
  Type.Object({ id: Type.Integer(), command: Type.Object({ agent: Type.String({ minLength: 1, maxLength: 100 }) }) }, strict),
);
const others = Compile(
  Type.Object(
    {
      id: Type.Integer(),
      command: Type.Union([
        Type.Object({ type: Type.Literal("agents-changed") }, strict),
        Type.Object({ type: Type.Literal("cancel-callback"), call }, strict),
        Type.Object({ type: Type.Literal("survey-answers"), call, group: name, answers: answersBody }, strict),
      ]),
    },
    strict,
  ),
);
const numbered = Compile(Type.Object({ id: Type.Integer() }));

/** One line from the front, read: a command, a line with an id whose command is not valid, or nothing of ours. */
export type FrontLine =
  | { readonly is: "command"; readonly id: number; readonly command: EngineCommand }
  | { readonly is: "invalid"; readonly id: number }
  | { readonly is: "garbage" };

export function readFrontLine(line: string): FrontLine {
  const value = json(line);
  if (envelope.Check(value)) {
    const { agent, ...rest } = value.command;
    if (body.Check(rest)) return { is: "command", id: value.id, command: { ...rest, agent } };
  }
  if (announcement.Check(value)) return { is: "command", ...value };
  if (others.Check(value)) return { is: "command", ...value };
  return numbered.Check(value) ? { is: "invalid", id: value.id } : { is: "garbage" };
}

const text = Type.String();
/** The engine's views are the engine's own: only their frame is looked at. */
const fromEngine = Compile(
  Type.Union([
    Type.Object({ type: Type.Literal("reply"), id: Type.Integer(), ok: Type.Literal(true) }),
    Type.Object({
      type: Type.Literal("reply"),
      id: Type.Integer(),
      ok: Type.Literal(false),
      code: text,
      message: text,
      mend: text,
    }),
    Type.Object({ type: Type.Literal("line"), line: Type.Object({ engine: text, asterisk: text, store: text }) }),
    Type.Object({
      type: Type.Literal("board"),
      board: Type.Object({ at: Type.Number(), groups: Type.Array(Type.Unknown()), problems: Type.Array(Type.Unknown()) }),
    }),
    Type.Object({ type: Type.Literal("agent"), agent: Type.Object({ id: text, state: text }) }),
    Type.Object({ type: Type.Literal("caption"), caption: Type.Object({ tag: text, stage: text }) }),
  ]),
);

/** One line from the engine, or undefined when it is none of ours. */
export function readEngineLine(line: string): FromEngine | undefined {
  const value = json(line);
  return isFromEngine(value) ? value : undefined;
}

function isFromEngine(value: unknown): value is FromEngine {
  return fromEngine.Check(value);
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // no JSON value is undefined, so every check refuses it
  }
}
