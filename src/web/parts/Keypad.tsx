import { Button } from "react-aria-components";

const rows = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

/** The twelve keys of a telephone. */
export function Keypad({
  label,
  onPress,
  isDisabled = false,
}: {
  label: string;
  onPress: (key: string) => void;
  isDisabled?: boolean;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this is a group of buttons
    <div className="keypad" role="group" aria-label={label}>
      {rows.map((key) => (
        <Button key={key} className="button key" isDisabled={isDisabled} onPress={() => onPress(key)}>
          {key}
        </Button>
      ))}
    </div>
  );
}
