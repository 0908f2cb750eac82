import Type, { type Static } from "typebox";
import { weekdays } from "../core/hours/hours.ts";
import { eveNames } from "./holidays.ts";
import { idWords, record } from "./schema-parts.ts";

/** Opening hours and holidays, as people write them. What a pattern cannot see is looked at by `hours.ts`. */

const time = "([01]\\d|2[0-3]):[0-5]\\d";
const span = `${time}-(${time}|24:00)`;
export const spanPattern = `^${span}$`;
export const dayPattern = "^\\d{4}-\\d{2}-\\d{2}$";
const spanWords = "hours as 08:00-16:30, at most to 24:00";
const openHours = Type.Union(
  [
    Type.String({ pattern: `^(closed|${span})$` }),
    Type.Array(Type.String({ pattern: spanPattern, description: spanWords }), { minItems: 1, maxItems: 10 }),
  ],
  { description: `closed, ${spanWords}, or a list of such` },
);

const weekday = `(${weekdays.join("|")})`;
const week = Type.Object(
  {
    days: Type.Record(Type.String({ pattern: `^${weekday}(-${weekday})?$` }), openHours, {
      additionalProperties: false,
      description: `days, each once, as mon or mon-fri (${weekdays.join(" ")}); those left out are closed`,
    }),
    eves: Type.Optional(openHours),
    holidays: openHours,
    exceptions: Type.Optional(
      Type.Record(Type.String({ pattern: dayPattern }), openHours, {
        additionalProperties: false,
        description: "days as 2026-12-23, each with its hours",
      }),
    ),
  },
  { additionalProperties: false, description: "{ days: …, eves: …, holidays: …, exceptions: … }" },
);
const hours = Type.Union([Type.Literal("always"), week], {
  description: "always, or { days: …, eves: …, holidays: …, exceptions: … }",
});

const eves = (what: string) =>
  Type.Optional(
    Type.Array(Type.Enum([...eveNames], { description: `one of: ${eveNames.join(", ")}` }), {
      uniqueItems: true,
      description: `a list of eves ${what}`,
    }),
  );

export const hoursSettings = {
  hours: Type.Optional(record(hours, `opening hours under their ids (${idWords})`)),
  holidays: Type.Optional(
    Type.Object(
      {
        country: Type.Enum(["SE"], { description: "SE: the country whose holidays are known" }),
        "closed-eves": eves("kept as holidays"),
        "short-eves": eves("with the hours that stand under eves"),
      },
      { additionalProperties: false, description: "{ country: SE }, with closed-eves: and short-eves: if others than usual" },
    ),
  ),
};

export type HoursDocument = Static<typeof hours>;
export type OpenHoursDocument = Static<typeof openHours>;
