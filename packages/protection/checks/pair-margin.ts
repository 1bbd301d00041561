import { currents, rangesOf } from "./current-ranges.ts";
import { inAmperes, inSeconds, type LeastMargin, type StudyFinding } from "./finding.ts";

/** Two devices of which `first` is to act before `second` by `required` seconds, from `from` to `to` amperes at the meter. */
export interface Pair {
  readonly place: string;
  readonly first: { readonly name: string; readonly secondsAt: (amperes: number) => number };
  readonly second: { readonly name: string; readonly secondsAt: (amperes: number) => number };
  readonly required: number;
  readonly from: number;
  readonly to: number;
  readonly knots?: readonly number[];
  /** Where the margin is missed; `error` unless it is nothing that the meter's setting could change. */
  readonly missed?: "error" | "warning";
}

/** A finding for each range of current over which the margin is kept, or is not. Where neither device acts there is nothing to coordinate. */
export function pairFindings(pair: Pair): StudyFinding[] {
  const { from, to, place, knots } = pair;
  const labels = rangesOf(from, to, (amperes) => labelAt(pair, amperes), knots);
  return labels.flatMap((range): StudyFinding[] => {
    if (range.label === "neither") return [];
    const least = leastMargin(pair, range.from, range.to);
    return [{ severity: range.label === "kept" ? "ok" : (pair.missed ?? "error"), place, fromAmperes: range.from, toAmperes: range.to, least, text: textOf(pair, range.label === "kept", least) }];
  });
}

function labelAt(pair: Pair, amperes: number): "kept" | "missed" | "neither" {
  const second = pair.second.secondsAt(amperes);
  const first = pair.first.secondsAt(amperes);
  if (second === Infinity) return first === Infinity ? "neither" : "kept";
  return second - first >= pair.required ? "kept" : "missed";
}

function leastMargin(pair: Pair, from: number, to: number): LeastMargin {
  let least: LeastMargin | undefined;
  for (const amperes of currents(from, to, pair.knots)) {
    const [firstSeconds, secondSeconds] = [pair.first.secondsAt(amperes), pair.second.secondsAt(amperes)];
    const marginSeconds = firstSeconds === Infinity && secondSeconds === Infinity ? Infinity : secondSeconds - firstSeconds;
    if (least === undefined || marginSeconds < least.marginSeconds) least = { amperes, firstSeconds, secondSeconds, marginSeconds, requiredSeconds: pair.required };
  }
  return least ?? { amperes: from, firstSeconds: Infinity, secondSeconds: Infinity, marginSeconds: Infinity, requiredSeconds: pair.required };
}

function textOf({ first, second }: Pair, kept: boolean, { amperes, firstSeconds, secondSeconds, marginSeconds, requiredSeconds }: LeastMargin): string {
  const times = `${first.name} ${inSeconds(firstSeconds)}, ${second.name} ${inSeconds(secondSeconds)}`;
  if (marginSeconds === Infinity) return `${first.name} acts, ${second.name} does not`;
  const least = `least margin ${inSeconds(marginSeconds)} at ${inAmperes(amperes)} (${times})`;
  return kept ? least : `${first.name} is to act ${inSeconds(requiredSeconds)} before ${second.name}; ${least}`;
}
