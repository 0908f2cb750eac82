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
  /** For buttons that stay pressed; says so to assistive technology too. */
  readonly pressed?: boolean;
}

/** A button with an icon, words, and the key that does the same. */
export function Button({ children, icon, shortcut, primary = false, pressed, ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      className={`button${primary ? " primary" : ""}${pressed ? " pressed" : ""}`}
    >
      {icon}
      <span>{children}</span>
      {shortcut !== undefined && <KeyCap>{shortcut}</KeyCap>}
    </AriaButton>
  );
}
