import { KontaktlotsError } from "../../core/errors.ts";

/**
 * Fills the `@NAME@` places of a template.
 *
 * @throws KontaktlotsError SETTING_INVALID when a place has no value: a half-filled file would start a half-working Asterisk.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/@([A-Z][A-Z0-9_]*)@/g, (_place, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new KontaktlotsError(
        "SETTING_INVALID",
        `The Asterisk template has no value for @${name}@.`,
        "Add it where the files are made.",
      );
    }
    return value;
  });
}

/** One thing that may stand in an Asterisk file, and what it may look like. */
const shapes = {
  /** Ids of agents and names of endpoints: they become section names and dial strings. */
  name: /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
  /** Secrets: printable, without the comment sign and the escape sign of Asterisk's files. */
  secret: /^[\x21-\x3a\x3c-\x5b\x5d-\x7e]{1,128}$/,
  /** A place to ring, such as sip:127.0.0.1:5070. Parameters would need a semicolon, and that begins a comment. */
  contact: /^sips?:([A-Za-z0-9_.+-]+@)?[A-Za-z0-9.:[\]-]+$/,
  /** An address or network, for binding and for the trunk. */
  address: /^[0-9A-Fa-f.:]+(\/[0-9]{1,3})?$/,
  /** A telephone number as it is shown. */
  number: /^\+?[0-9]{1,20}$/,
  /** A folder: what a line of a file can hold. */
  path: /^\/[^\n\r;@]*$/,
} as const;

/**
 * The value, when it has the shape; values reach Asterisk's files only through here, so that none can add a line of its own.
 *
 * @throws KontaktlotsError SETTING_INVALID, naming what it is, never showing a secret.
 */
export function checked(shape: keyof typeof shapes, value: string, what: string): string {
  if (shapes[shape].test(value)) return value;
  const shown = shape === "secret" ? "" : ` (${JSON.stringify(value)})`;
  throw new KontaktlotsError(
    "SETTING_INVALID",
    `${what}${shown} cannot stand in Asterisk's configuration.`,
    `Give a value that matches ${shapes[shape]}.`,
  );
}
