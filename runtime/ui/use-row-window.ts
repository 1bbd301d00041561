import { useCallback, useEffect, useState, type RefObject } from "react";
import { rowWindow, type RowWindow } from "./row-window.ts";

/** Height of a row of `data-table.module.css`, in pixels at the browser's own text size. */
const rowPixels = 36;

const rowHeight = (): number => (rowPixels * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)) / 16;

/** Draws only the rows near the visible part of the page; `reveal` scrolls a row into it. Rows scroll with the page itself. */
export function useRowWindow(count: number, body: RefObject<HTMLElement | null>): { readonly window: RowWindow; readonly reveal: (row: number) => void } {
  const [drawn, setDrawn] = useState<RowWindow>(() => rowWindow(count, rowPixels, 0, 1200));

  useEffect(() => {
    const place = (): void => {
      const hidden = -(body.current?.getBoundingClientRect().top ?? 0);
      const next = rowWindow(count, rowHeight(), hidden, window.innerHeight);
      setDrawn((now) => (now.first === next.first && now.end === next.end && now.after === next.after ? now : next));
    };
    place();
    window.addEventListener("scroll", place, { passive: true });
    window.addEventListener("resize", place);
    return () => {
      window.removeEventListener("scroll", place);
      window.removeEventListener("resize", place);
    };
  }, [count, body]);

  const reveal = useCallback(
    (row: number): void => {
      const top = (body.current?.getBoundingClientRect().top ?? 0) + row * rowHeight();
      const space = 3 * rowHeight();
      if (top < space) window.scrollBy({ top: top - space });
      else if (top + space > window.innerHeight) window.scrollBy({ top: top + space - window.innerHeight });
    },
    [body],
  );

  // The rows may have changed since the last placing: never draw past their end.
  return { window: drawn.end > count || (drawn.end < count && drawn.after === 0) ? rowWindow(count, rowPixels, drawn.before, 1200) : drawn, reveal };
}
