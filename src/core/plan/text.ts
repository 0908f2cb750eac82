/** A text people see, in the two languages of every page. */
export interface Text {
  readonly sv: string;
  readonly en: string;
}
