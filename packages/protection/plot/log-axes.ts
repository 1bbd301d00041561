import { element, text, type Svg } from "./svg.ts";

/** Whole decades from the first to the last, in powers of ten, over pixels. */
export interface LogAxis {
  readonly firstDecade: number;
  readonly lastDecade: number;
  readonly fromPixel: number;
  readonly toPixel: number;
}

/** The pixel of a value; values beyond the ends stand at the ends. */
export function pixelOf({ firstDecade, lastDecade, fromPixel, toPixel }: LogAxis, value: number): number {
  const decade = Math.min(lastDecade, Math.max(firstDecade, Math.log10(value)));
  return fromPixel + ((decade - firstDecade) / (lastDecade - firstDecade)) * (toPixel - fromPixel);
}

export function contains({ firstDecade, lastDecade }: LogAxis, value: number): boolean {
  return value >= 10 ** firstDecade && value <= 10 ** lastDecade;
}

/** The grid of both axes, with the names of the decades and of the axes. */
export function grid(x: LogAxis, y: LogAxis, names: { readonly x: string; readonly y: string }): Svg[] {
  const lines: Svg[] = [];
  for (const { value, whole } of ticks(x)) lines.push(element("line", { class: whole ? "decade" : "fine", x1: pixelOf(x, value), x2: pixelOf(x, value), y1: y.fromPixel, y2: y.toPixel }));
  for (const { value, whole } of ticks(y)) lines.push(element("line", { class: whole ? "decade" : "fine", x1: x.fromPixel, x2: x.toPixel, y1: pixelOf(y, value), y2: pixelOf(y, value) }));
  const decades = (axis: LogAxis): number[] => ticks(axis).filter(({ whole }) => whole).map(({ value }) => value);
  return [
    ...lines,
    ...decades(x).map((value) => element("text", { x: pixelOf(x, value), y: y.fromPixel + 18, "text-anchor": "middle" }, text(plain(value)))),
    ...decades(y).map((value) => element("text", { x: x.fromPixel - 8, y: pixelOf(y, value) + 4, "text-anchor": "end" }, text(plain(value)))),
    element("text", { class: "axis", x: (x.fromPixel + x.toPixel) / 2, y: y.fromPixel + 40, "text-anchor": "middle" }, text(names.x)),
    element("text", { class: "axis", transform: `translate(${x.fromPixel - 56} ${(y.fromPixel + y.toPixel) / 2}) rotate(-90)`, "text-anchor": "middle" }, text(names.y)),
  ];
}

function ticks({ firstDecade, lastDecade }: LogAxis): { readonly value: number; readonly whole: boolean }[] {
  const all = [];
  for (let decade = firstDecade; decade < lastDecade; decade++) for (let digit = 1; digit < 10; digit++) all.push({ value: digit * 10 ** decade, whole: digit === 1 });
  return [...all, { value: 10 ** lastDecade, whole: true }];
}

function plain(value: number): string {
  return value >= 1 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(1)));
}
