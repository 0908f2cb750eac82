import Type from "typebox";
import { language, name, reference } from "./schema-parts.ts";

/** Where something leads, as people write it in a plan file. */

const groupWay = Type.Object(
  {
    group: reference("a group"),
    language: Type.Optional(language),
    priority: Type.Optional(Type.Enum(["urgent", "normal"], { description: "urgent or normal; normal if left out" })),
    district: Type.Optional(name("the name of a district, as under districts")),
  },
  { additionalProperties: false, description: "on to an answer group" },
);
const menuWay = Type.Object(
  { menu: reference("a menu"), language: Type.Optional(language) },
  { additionalProperties: false, description: "on to a menu" },
);
const stepWay = Type.Object(
  { step: reference("a step"), language: Type.Optional(language) },
  { additionalProperties: false, description: "on to a step" },
);

const places =
  "{ group: … }, { menu: … } or { step: … }, with a language: if that changes, to a group also priority: urgent and district: …";

/** On to somewhere: what follows silence, or a number's start. */
export const onwards = Type.Union([Type.Literal("end"), Type.Literal("back"), groupWay, menuWay, stepWay], {
  description: `${places}, end, or back`,
});

/** What a key does. */
export const way = Type.Union([Type.Literal("repeat"), Type.Literal("back"), Type.Literal("end"), groupWay, menuWay, stepWay], {
  description: `repeat, back, end, ${places}`,
});
