import { ChevronDown } from "lucide-react";
import type { RefObject } from "react";
import { Label, ListBox, ListBoxItem, Popover, Select, SelectValue, Button as TriggerButton } from "react-aria-components";

interface ChoiceProps {
  readonly label: string;
  /** null: nothing is chosen; `placeholder` says what to choose. */
  readonly value: string | null;
  readonly choices: readonly { readonly id: string; readonly name: string }[];
  readonly onChange: (id: string) => void;
  readonly placeholder?: string;
  /** The label is for screen readers only, when what stands beside says the same. */
  readonly hideLabel?: boolean;
  /** For a list that a key of the page opens: a click from a program would leave the focus outside. */
  readonly isOpen?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  /** The button that opens the list, to give it the focus. */
  readonly button?: RefObject<HTMLButtonElement | null>;
}

/** One choice from a list that opens. */
export function Choice({ label, value, choices, onChange, hideLabel = false, button, ...rest }: ChoiceProps) {
  return (
    <Select {...rest} className="field" value={value} onChange={(key) => key !== null && onChange(String(key))}>
      <Label className={hideLabel ? "hidden-text" : ""}>{label}</Label>
      <TriggerButton className="button select" {...(button ? { ref: button } : {})}>
        <SelectValue />
        <ChevronDown className="icon" aria-hidden="true" />
      </TriggerButton>
      <Popover className="popover">
        <ListBox className="menu">
          {choices.map(({ id, name }) => (
            <ListBoxItem key={id} id={id} className="menu-item" textValue={name}>
              {name}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
