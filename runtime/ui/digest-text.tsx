import { useEffect, useState, type JSX } from "react";
import { Icon } from "./icon.tsx";
import { shortenMiddle } from "./shorten-middle.ts";
import classes from "./digest-text.module.css";

const shownFor = 1500;

/** A digest, serial or address in mono, shortened in the middle; one press copies the whole of it. */
export function DigestText({ value, label, whole = false }: { readonly value: string; readonly label: string; readonly whole?: boolean }): JSX.Element {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), shownFor);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = (): void => {
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      // Without a clipboard (plain HTTP away from localhost) the title still shows the whole value to select by hand.
      () => setCopied(false),
    );
  };

  return (
    <button type="button" className={classes.digest} title={value} aria-label={`Copy ${label} ${value}`} onClick={copy}>
      <span>{whole ? value : shortenMiddle(value)}</span>
      <span className={classes.icon} data-copied={copied}>
        <Icon name={copied ? "copied" : "copy"} size={12} />
      </span>
      <span role="status" className={classes.status}>{copied ? "copied" : ""}</span>
    </button>
  );
}
