import { currents, type CurrentRange } from "../checks/current-ranges.ts";
import { meterPickup, meterSeconds, shotSeconds, upstreamSafeSeconds } from "../checks/device-times.ts";
import { inAmperes } from "../checks/finding.ts";
import { faultOutcomes, type FaultOutcome } from "../checks/sectionalizing-verdict.ts";
import { checkStudy } from "../checks/check-study.ts";
import { leastAmperes, secondsAt } from "../curves/curve.ts";
import { faultKinds, largestFaultAmperes } from "../study/referral.ts";
import type { Study } from "../study/study.ts";
import { contains, grid, pixelOf, type LogAxis } from "./log-axes.ts";
import { outcomeStrip } from "./outcome-strip.ts";
import { plotStyle } from "./plot-style.ts";
import { studyCurves, type PlottedCurve } from "./study-curves.ts";
import { element, path, text, type Svg } from "./svg.ts";

const width = 980;
const height = 660;
const x = { fromPixel: 80, toPixel: 700 };
const y: LogAxis = { firstDecade: -2, lastDecade: 4, fromPixel: 590, toPixel: 60 };

/**
 * A study as an SVG document on log-log paper: curves by name, margins shaded, limits marked. Currents are those through the meter, line to line, the primary's
 * referred to the secondary. Reads in light and dark, and to screen readers by its title and description.
 */
export function studyPlot(study: Study): string {
  const most = largestFaultAmperes(study);
  const axis: LogAxis = { ...x, firstDecade: Math.floor(Math.log10(study.home.amperes)), lastDecade: Math.ceil(Math.log10(most * 1.5)) };
  const curves = studyCurves(study);
  return element(
    "svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": "plot-title plot-description" },
    element("title", { id: "plot-title" }, text(`Time-current curves: ${study.title}`)),
    element("desc", { id: "plot-description" }, text(description(study, curves))),
    element("style", {}, text(plotStyle)),
    element("rect", { class: "paper", width, height }),
    element("text", { class: "title", x: x.fromPixel, y: 28 }, text(study.title)),
    ...grid(axis, y, { x: "amperes at the meter (line to line; the primary's referred to the secondary)", y: "seconds" }),
    ...margins(study, axis),
    ...curves.map((curve) => element("path", { class: `curve ${curve.kind} ${curve.dashes}`, d: drawn(curve, axis) })),
    ...limit(axis, study.meter.rating.breakingAmperes, "rated breaking current", "bottom"),
    ...limit(axis, most, "largest fault", "top"),
    ...outcomeStrip(study, axis),
    ...legend(curves),
  ).markup;
}

function description(study: Study, curves: readonly PlottedCurve[]): string {
  const { coordinated, findings } = checkStudy(study);
  const told = findings.filter(({ severity }) => severity !== "ok").map(({ severity, place, text: what }) => `${severity}: ${place}: ${what}`);
  return [`Curves of ${curves.map(({ name }) => name).join(", ")}.`, coordinated ? "The check finds them coordinated." : "The check finds them not coordinated.", ...told].join(" ");
}

function drawn({ points }: PlottedCurve, axis: LogAxis): string {
  const inside = points.filter(([amperes, seconds]) => contains(axis, amperes) && seconds <= 10 ** y.lastDecade * 1.001);
  return path(inside.map(([amperes, seconds]): [number, number] => [pixelOf(axis, amperes), pixelOf(y, seconds)]));
}

/** Between main breaker and meter up to the breaking current; and, where sectionalizing works, between the recloser's shots and the share of the fuse's time. */
function margins(study: Study, axis: LogAxis): Svg[] {
  const [lineToLine] = faultKinds(study);
  const breaking = study.meter.rating.breakingAmperes;
  const from = Math.max(leastAmperes(study.breaker), meterPickup(study) * 1.001);
  const shaded: Svg[] = from < breaking ? [between(axis, from, breaking, (amperes) => secondsAt(study.breaker, amperes), (amperes) => meterSeconds(study, amperes))] : [];
  if (lineToLine) {
    const effective = faultOutcomes(study, lineToLine).filter((range: CurrentRange<FaultOutcome>) => range.label === "effective");
    shaded.push(...effective.map((range) => between(axis, range.from * 1.0001, range.to, (amperes) => shotSeconds(study.shots[0], lineToLine, amperes), (amperes) => upstreamSafeSeconds(study, lineToLine, amperes))));
  }
  return shaded;
}

function between(axis: LogAxis, from: number, to: number, lower: (amperes: number) => number, upper: (amperes: number) => number): Svg {
  const over = currents(from, to);
  const point = (amperes: number, seconds: number): [number, number] => [pixelOf(axis, amperes), pixelOf(y, seconds)];
  return element("path", { class: "margin", d: path([...over.map((amperes) => point(amperes, lower(amperes))), ...over.toReversed().map((amperes) => point(amperes, upper(amperes)))], true) });
}

/** Named where no curve is: the rating at the bottom, the largest fault at the top. */
function limit(axis: LogAxis, amperes: number, name: string, end: "top" | "bottom"): Svg[] {
  const at = pixelOf(axis, amperes);
  const place = end === "top" ? y.toPixel + 8 : y.fromPixel - 8;
  return [
    element("line", { class: "limit", x1: at, x2: at, y1: y.fromPixel, y2: y.toPixel }),
    element("text", { class: "label", "text-anchor": end === "top" ? "end" : "start", transform: `translate(${at + 14} ${place}) rotate(-90)` }, text(`${name} ${inAmperes(amperes)}`)),
  ];
}

function legend(curves: readonly PlottedCurve[]): Svg[] {
  const rows = curves.map(({ name, kind, dashes }, index): Svg => {
    const at = 80 + 24 * index;
    return element("g", {}, element("line", { class: `curve ${kind} ${dashes}`, x1: 724, x2: 760, y1: at, y2: at }), element("text", { x: 768, y: at + 4 }, text(name)));
  });
  const at = 80 + 24 * curves.length;
  return [...rows, element("g", {}, element("rect", { class: "margin", x: 724, y: at - 8, width: 36, height: 16 }), element("text", { x: 768, y: at + 4 }, text("margin")))];
}
