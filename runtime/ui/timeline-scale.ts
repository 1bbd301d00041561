/** Something that held from one instant to another (milliseconds since 1970 UTC), or still holds where `to` is null. */
export interface Span {
  readonly from: number;
  readonly to: number | null;
}

/** Where a span lies on its lane, in percent of the lane's width. */
export interface Placed {
  readonly start: number;
  readonly width: number;
}

/** The time shown: from the earliest start to now, never shorter than a minute, so that one fresh span still has a width. */
export function timelineDomain(spans: readonly Span[], now: number): { readonly from: number; readonly to: number } {
  const to = spans.reduce((latest, span) => Math.max(latest, span.to ?? now, span.from), now);
  const from = spans.reduce((earliest, span) => Math.min(earliest, span.from), to - 60_000);
  return { from, to };
}

/** Places a span in the domain; a short one is widened to `least` percent and kept inside the lane, because it must be seen and met. */
export function placeSpan(span: Span, domain: { readonly from: number; readonly to: number }, least = 1.5): Placed {
  const scale = 100 / (domain.to - domain.from);
  const width = Math.min(100, Math.max(least, ((span.to ?? domain.to) - span.from) * scale));
  const start = Math.min(Math.max(0, (span.from - domain.from) * scale), 100 - width);
  return { start, width };
}
