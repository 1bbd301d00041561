import { useEffect, useId, useRef, type JSX, type ReactNode } from "react";
import { Icon } from "./icon.tsx";
import classes from "./dialog.module.css";

/** A modal dialog of the browser's own: it keeps the focus inside, closes on Escape or a press beside it, and gives the focus back. */
export function Dialog({ title, open, onClose, children }: { readonly title: string; readonly open: boolean; readonly onClose: () => void; readonly children: ReactNode }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    if (open && dialog.current?.open === false) dialog.current.showModal();
    if (!open) dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className={classes.dialog} aria-labelledby={heading} onClose={onClose} closedby="any">
      <div className={classes.content}>
        <h2 id={heading} className={classes.title}>{title}</h2>
        {open && children}
        {/* Last, so that the focus lands on what the dialog is about. */}
        <button type="button" className={classes.close} aria-label="Close" onClick={onClose}><Icon name="close" /></button>
      </div>
    </dialog>
  );
}
