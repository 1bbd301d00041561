import { meterPickup } from "../checks/device-times.ts";
import { inAmperes } from "../checks/finding.ts";
import { faultOutcomes, type FaultOutcome } from "../checks/sectionalizing-verdict.ts";
import { faultKinds } from "../study/referral.ts";
import type { Study } from "../study/study.ts";
import { pixelOf, type LogAxis } from "./log-axes.ts";
import { element, text, type Svg } from "./svg.ts";

const top = 38;
const height = 16;
/** Of a letter at the size of the strip, about. */
const letter = 5.4;

const shown: Readonly<Record<FaultOutcome | "breaks", { readonly kind: "helps" | "vacuous" | "none"; readonly short: string; readonly long: string }>> = {
  breaks: { kind: "helps", short: "breaks", long: "the meter breaks" },
  effective: { kind: "helps", short: "sectionalizes", long: "the meter opens in the recloser's dead time" },
  "fuse-alone": { kind: "vacuous", short: "fuse alone", long: "the recloser cannot see it; the transformer's protection clears it alone" },
  "fuse-first": { kind: "none", short: "fuse first", long: "the transformer's protection acts before the recloser" },
  unseen: { kind: "none", short: "unseen", long: "the recloser opens, the meter takes it for load" },
  nothing: { kind: "none", short: "nothing is sure", long: "nothing is sure to clear it" },
};

/** Above the curves, over the currents at the meter: what becomes of a fault between meter and main breaker, line to line. Each part says it in full to who points at it. */
export function outcomeStrip(study: Study, axis: LogAxis): Svg[] {
  const [lineToLine] = faultKinds(study);
  const breaking = study.meter.rating.breakingAmperes;
  const pickup = meterPickup(study);
  return [
    ...(pickup < breaking ? [{ from: pickup, to: breaking, label: "breaks" as const }] : []),
    ...(lineToLine ? faultOutcomes(study, lineToLine) : []),
  ].map(({ from, to, label }) => {
    const [left, right] = [pixelOf(axis, from), pixelOf(axis, to)];
    const { kind, short, long } = shown[label];
    const fits = short.length * letter < right - left;
    return element(
      "g", {}, element("title", {}, text(`${inAmperes(from)} to ${inAmperes(to)}: ${long}`)),
      element("rect", { class: `strip ${kind}`, x: left, y: top, width: right - left, height }),
      ...(fits ? [element("text", { class: "strip-text", x: (left + right) / 2, y: top + 12, "text-anchor": "middle" }, text(short))] : []),
    );
  });
}
