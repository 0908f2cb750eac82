import { useEffect, useRef } from "react";
import { Store } from "../client/store.ts";

/**
 * Keys of the page. Single characters as shortcuts may be turned off (WCAG 2.1.4): `shortcutsOn`, kept on this machine.
 * They rest while the person writes, or has a menu or dialog open.
 */
export interface Shortcut {
  /** As in KeyboardEvent.key, letters in lower case. */
  readonly key: string;
  readonly run: () => void;
  /** Also when a button or link has the focus, which Enter would otherwise press: for a call that rings. */
  readonly overControls?: boolean;
}

const storageKey = "kontaktlots.shortcuts";

export const shortcutsOn = new Store(localStorage.getItem(storageKey) !== "off");

export function setShortcutsOn(on: boolean): void {
  localStorage.setItem(storageKey, on ? "on" : "off");
  shortcutsOn.set(on);
}

const busy = "input:not([type=radio]), textarea, select, [contenteditable], [role=menu], [role=listbox], [role=dialog]";
const controls = "button, a, [role=button], summary";

function meant(shortcut: Shortcut, event: KeyboardEvent): boolean {
  if (event.key.toLowerCase() !== shortcut.key) return false;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return false;
  // Enter is no character key, so it may not be turned off.
  if (!shortcutsOn.get() && shortcut.key !== "enter") return false;
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest(busy) !== null) return false;
  return shortcut.key !== "enter" || shortcut.overControls === true || target.closest(controls) === null;
}

/** Runs the shortcut whose key is pressed, before any control sees the key. The first that fits wins. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const shortcut = latest.current.find((one) => meant(one, event));
      if (shortcut === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      shortcut.run();
    };
    window.addEventListener("keydown", listen, true);
    return () => window.removeEventListener("keydown", listen, true);
  }, []);
}
