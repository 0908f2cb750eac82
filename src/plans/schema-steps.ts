import Type from "typebox";
import { id, idWords, phoneNumber, record, reference, seconds, text } from "./schema-parts.ts";
import { onwards } from "./schema-ways.ts";

/** Steps a caller is led through that are no menus, as people write them; see `core/plan/node.ts` for what each does. */

const label = text("what the agent sees of the step");
const piece = Type.Union([Type.String({ pattern: id, maxLength: 40 }), Type.Enum(["$opens", "$place", "$wait"])], {
  description: "the id of a prompt, or $opens, $place or $wait",
});
export const says = Type.Array(piece, { maxItems: 10, description: "a list of prompts, said one after the other" });
const next = onwards;
const asking = {
  "wait-seconds": Type.Optional(seconds(2, 30, "how long to wait for a key after the prompt; 6 if left out")),
  tries: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, description: "a whole number from 1 to 5; 3 if left out" })),
  otherwise: onwards,
};
const step = <P extends Type.TProperties>(properties: P, description: string) =>
  Type.Object({ label, ...properties }, { additionalProperties: false, description });
const steps = <T extends Type.TSchema>(one: T, what: string) =>
  Type.Optional(record(one, `${what} under their ids (${idWords})`));

const message = step({ says, next }, "something that is said");
const languages = step({ next, ...asking }, "the choice of a language");
const dial = step(
  {
    says: Type.Optional(says),
    numbers: Type.Optional(
      Type.Array(phoneNumber, { minItems: 1, maxItems: 20, description: "a list of numbers, the first to ring first" }),
    ),
    "on-duty": Type.Optional(reference("a list of those on duty, as under on-duty")),
    "ring-seconds": Type.Optional(seconds(5, 120, "how long each number rings; 25 if left out")),
    rounds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10, description: "how often the list is gone through; 1 if left out" }),
    ),
    otherwise: onwards,
  },
  "numbers outside that are rung: numbers or on-duty",
);
const callback = step({ group: Type.Optional(reference("a group")), next: Type.Optional(next), ...asking }, "ringing back");
const voicemail = step(
  {
    group: Type.Optional(reference("a group")),
    "longest-seconds": Type.Optional(seconds(10, 600, "the longest message; 180 if left out")),
    next: Type.Optional(next),
    ...asking,
  },
  "a message left",
);
const extension = step(
  { digits: Type.Integer({ minimum: 2, maximum: 8, description: "how many digits an extension has" }), ...asking },
  "keying an officer's extension",
);
const district = step(
  {
    next: Type.Union([Type.Literal("own-number"), onwards], { description: "own-number, or where the call goes on" }),
    ...asking,
  },
  "finding the district",
);
const matterStatus = step({ next: Type.Optional(next), ...asking }, "how far the caller's matter has come");
const survey = step(
  {
    by: Type.Optional(
      Type.Enum(["key", "sms"], {
        description:
          "key: answered by keys in the call, if left out; sms: on a page, to which a text message leads callers from mobiles who agree to it, and by keys all others",
      }),
    ),
    questions: Type.Array(reference("a prompt"), { minItems: 1, maxItems: 3, description: "one to three prompts that ask" }),
    "wait-seconds": Type.Optional(seconds(2, 30, "how long to wait for a key; 6 if left out")),
  },
  "questions after the call",
);
const announce = step({ ...asking }, "where staff record announcements");

export const stepsSchema = Type.Object(
  {
    messages: steps(message, "what is said"),
    languages: steps(languages, "choices of language"),
    dials: steps(dial, "numbers that are rung"),
    callbacks: steps(callback, "ringing back"),
    voicemails: steps(voicemail, "messages"),
    extensions: steps(extension, "extensions"),
    districts: steps(district, "districts"),
    "matter-status": steps(matterStatus, "status of matters"),
    surveys: steps(survey, "surveys"),
    announcements: steps(announce, "announcement desks"),
  },
  { additionalProperties: false, description: "the steps that are no menus, by their kind" },
);
