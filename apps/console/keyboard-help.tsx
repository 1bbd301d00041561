import { Dialog } from "@metersmith/ui";
import type { JSX } from "react";
import classes from "./keyboard-help.module.css";

const keys = [
  ["/", "go to the filter of a list"],
  ["j k", "next row, previous row"],
  ["Enter", "open the row"],
  ["Esc", "leave the filter, close a dialog"],
  ["← → ↑ ↓", "read a calendar hour by hour, once it has the focus"],
  ["?", "this help"],
] as const;

const filters = [
  ["failed rx-2s", "rows that hold both words"],
  ["state:failed", "the word in one column"],
  ["-verified", "rows that do not hold it"],
  ['"read back"', "words in this order"],
] as const;

export function KeyboardHelp({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): JSX.Element {
  return (
    <Dialog title="Keyboard and filters" open={open} onClose={onClose}>
      <div className={classes.columns}>
        <dl className={classes.list}>
          {keys.map(([key, what]) => (
            <div key={key}>
              <dt><kbd>{key}</kbd></dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <dl className={classes.list}>
          {filters.map(([filter, what]) => (
            <div key={filter}>
              <dt><code>{filter}</code></dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Dialog>
  );
}
