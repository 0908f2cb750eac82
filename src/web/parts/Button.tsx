import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import { KeyCap } from "./KeyCap.tsx";

interface ButtonProps extends Omit<AriaButtonProps, "children" | "className"> {
  readonly children: ReactNode;
  readonly icon?: ReactNode;
  /** The key that does the same, shown on the button: "⏎", "M". */
  readonly shortcut?: string;
  /** The one action that is meant most of the time. */
  readonly primary?: boolean;
}

/** A button with an icon, words, and the key that does the same. */
export function Button({ children, icon, shortcut, primary = false, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={`button${primary ? " primary" : ""}`}>
      {icon}
      <span>{children}</span>
      {shortcut !== undefined && <KeyCap>{shortcut}</KeyCap>}
    </AriaButton>
  );
}
