import type { Ratio } from "../../api/contract.ts";
import { count, percent } from "../text/format.ts";
import { useText } from "../text/text.ts";

/** A percentage with what it was made of: "95 % (19 av 20)"; "–" when there is nothing to count on. */
export function Share({ ratio, digits = 0 }: { ratio: Ratio; digits?: number }) {
  const { t, language } = useText();
  const [numerator, denominator] = [count(ratio.numerator, language), count(ratio.denominator, language)];
  return (
    <span className="share">
      <span className="share-value">{percent(ratio.value, language, digits)}</span>{" "}
      <span className="share-of soft small">{t("statistics.of", { numerator, denominator })}</span>
    </span>
  );
}
