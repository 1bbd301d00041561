/** Rows `first` up to, not including, `end` are drawn; the space of the others is kept by `before` and `after` pixels. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Which of `count` rows of equal height to draw, when `hidden` pixels of the list are above the visible part, which is `visible`
 * pixels high. `margin` rows more are drawn on both sides, so that scrolling shows no gap. At most `everything` rows are drawn whole.
 */
export function rowWindow(count: number, rowHeight: number, hidden: number, visible: number, margin = 20, everything = 200): RowWindow {
  if (count <= everything) return { first: 0, end: count, before: 0, after: 0 };
  const first = Math.max(0, Math.min(count, Math.floor(hidden / rowHeight)) - margin);
  const end = Math.min(count, Math.max(first, Math.ceil((hidden + visible) / rowHeight) + margin));
  return { first, end, before: first * rowHeight, after: (count - end) * rowHeight };
}
