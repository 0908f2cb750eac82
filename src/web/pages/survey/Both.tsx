import type { Text } from "../../../core/plan/plan.ts";
import { useText } from "../../text/text.ts";

/** A text in the page's language. `twice`: in Swedish with English beside it, for whoever may read only one of them. */
export function Both({ text, twice }: { text: Text; twice: boolean }) {
  const { language, pick } = useText();
  const beside = twice && language === "sv" && text.en !== text.sv;
  return (
    <>
      {pick(text)}
      {beside && (
        <span lang="en" className="beside">
          {text.en}
        </span>
      )}
    </>
  );
}
