import Type from "typebox";

/** The small parts of which a plan's schema is made: ids, names, texts, times. */

export const id = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";
export const idWords = "small letters a–z, digits and hyphens, a letter first";
export const reference = (what: string) => Type.String({ pattern: id, maxLength: 40, description: `the id of ${what}` });
export const record = <T extends Type.TSchema>(value: T, what: string) =>
  Type.Record(Type.String({ pattern: id, maxLength: 40 }), value, { additionalProperties: false, description: what });

export const language = Type.String({
  pattern: "^[a-z]{2}$",
  description: "the two letters of a language, as sv or en (ISO 639-1)",
});
export const phoneNumber = Type.String({
  pattern: "^\\+[1-9]\\d{6,14}$",
  description: "a number with + and country code, without spaces, as +46846500400 (E.164)",
});
export const name = (description: string) => Type.String({ minLength: 1, maxLength: 80, description });
export const text = (what: string) =>
  Type.Object(
    { sv: name("the text in Swedish, at most 80 characters"), en: name("the text in English, at most 80 characters") },
    { additionalProperties: false, description: `${what} in Swedish and English: { sv: …, en: … }` },
  );
export const seconds = (minimum: number, maximum: number, what: string) =>
  Type.Integer({ minimum, maximum, description: `a whole number of seconds from ${minimum} to ${maximum}: ${what}` });
export const percent = (what: string) =>
  Type.Number({ minimum: 0, maximum: 100, description: `a percentage from 0 to 100: ${what}` });
