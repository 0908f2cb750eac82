/** How numbers, times and telephone numbers are written. Pure, so that tests can run them anywhere. */

/** "0:42", "12:05", "1:02:09" from ms; never negative. */
export function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** "96,5 %" (sv) or "96.5%" (en). An empty denominator gives "–", never 0 or 100. */
export function percent(value: number | null, language: string, digits = 0): string {
  if (value === null) return "–";
  const format = { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(language, format).format(value / 100);
}

/** "78,3" (sv) or "78.3" (en). */
export function decimal(value: number, language: string, digits: number): string {
  return new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** "1 234" (sv) or "1,234" (en). */
export function count(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}

/** "svenska" / "Swedish" for "sv". */
export function languageName(code: string, language: string): string {
  return new Intl.DisplayNames(language, { type: "language" }).of(code) ?? code;
}

/** Each language's name in itself. Browsers carry the names of a language only when they are made in it, so not Somali's. */
const ownNames: Readonly<Record<string, string>> = {
  sv: "svenska",
  en: "English",
  fi: "suomi",
  ar: "العربية",
  so: "Soomaali",
  fa: "فارسی",
  es: "español",
  pl: "polski",
  tr: "Türkçe",
  ku: "kurdî",
};

/** "suomi" for "fi": what its own speakers look for. */
export function ownLanguageName(code: string): string {
  return ownNames[code] ?? languageName(code, code);
}

/** "Svenska" from "svenska": as it stands first in a line. */
export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase("sv") + text.slice(1);
}

/** Swedish area codes that are not four digits long, "0" included (PTS numbering plan for E.164, +46). */
const areaCodes = /^0(?:8|10|11|13|16|18|19|20|21|23|26|31|33|35|36|40|42|44|46|54|60|63|70|71|72|73|74|75|76|77|78|79|90)/;

/** Digits of a subscriber number in the groups they are read in: 8 as 3-3-2, 7 as 3-2-2, 6 as 2-2-2, 5 as 3-2. */
function grouped(digits: string): string {
  const shapes: Record<number, RegExp> = { 8: /(...)(...)(..)/, 7: /(...)(..)(..)/, 6: /(..)(..)(..)/, 5: /(...)(..)/ };
  return shapes[digits.length]?.exec(digits)?.slice(1).join(" ") ?? digits;
}

/** "+46701740605" as people write it: "070-174 06 05"; numbers of other countries stay in E.164. */
export function phoneNumber(e164: string): string {
  if (!/^\+46\d{7,}$/.test(e164)) return e164;
  const national = `0${e164.slice(3)}`;
  const area = areaCodes.exec(national)?.[0] ?? national.slice(0, 4);
  return `${area}-${grouped(national.slice(area.length))}`;
}

/** How dates and clock times are written in a language: English as in Europe, "23 Nov 2026, 23:05". */
export function dateLocale(language: string): string {
  return language === "en" ? "en-GB" : language;
}

/** "10:14", "23:05": when something was, on the clock. */
export function timeOf(at: number, language: string): string {
  return new Date(at).toLocaleTimeString(dateLocale(language), { timeStyle: "short" });
}

/** "v. 3 2008" / "Week 3 2008" are made from this: [week, year] of "2008-W03". */
export function weekOf(isoWeek: string): { week: number; year: number } {
  const [year, week] = isoWeek.split("-W").map(Number);
  return { week: week ?? 0, year: year ?? 0 };
}
