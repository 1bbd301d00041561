import { useEffect, useRef } from "react";

const takesText = "input, textarea, select, [contenteditable='true']";

/**
 * Single-key commands for the page. They rest while a text field has the focus, a dialog is open, or a modifier is held, so that
 * nothing typed and no command of the browser is taken.
 */
export function useKeys(commands: Readonly<Record<string, () => void>>): void {
  const current = useRef(commands);
  useEffect(() => {
    current.current = commands;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest(takesText) !== null) return;
      if (document.querySelector("dialog[open]") !== null) return;
      const command = Object.hasOwn(current.current, event.key) ? current.current[event.key] : undefined;
      if (command === undefined) return;
      event.preventDefault();
      command();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
