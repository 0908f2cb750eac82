/** Longer prompts are not listened to, and a runaway text would keep the voice busy for minutes. */
const mostLetters = 1_000;

/** A stretch of a prompt in one language. */
export interface Stretch {
  readonly text: string;
  readonly language: string;
}

/** Other languages within a text: "Välkommen. [en: For English, press nine.]" */
const foreign = /\[([a-z]{2}):\s*([^[\]]*)\]/g;

/** The text as people read it, without the marks of language. */
export function readableText(text: string): string {
  return text.replaceAll(foreign, "$2").trim();
}

/** The text in the pieces in which it is spoken, each in its own language. */
export function stretchesOf(text: string, language: string): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const match of text.matchAll(foreign)) {
    stretches.push({ text: text.slice(from, match.index), language }, { text: match[2] ?? "", language: match[1] ?? language });
    from = match.index + match[0].length;
  }
  stretches.push({ text: text.slice(from), language });
  return stretches
    .map((stretch) => ({ ...stretch, text: stretch.text.trim() }))
    .filter((stretch) => /[\p{L}\p{N}]/u.test(stretch.text));
}

/** What is wrong with a prompt's text, and what to do; undefined when it can be spoken. */
export function textProblem(text: string): { readonly what: string; readonly mend: string } | undefined {
  if (stretchesOf(text, "sv").length === 0) return { what: "The text has no words.", mend: "Write what is to be said." };
  if (text.length > mostLetters)
    return { what: `The text has ${text.length} letters.`, mend: `Nobody listens that long: keep to ${mostLetters}.` };
  // Line breaks are layout in a plan file; every other control character is a slip or an attack.
  if (/[^\P{Cc}\n]/u.test(text)) return { what: "The text holds a control character.", mend: "Write the text anew, without it." };
  return undefined;
}
