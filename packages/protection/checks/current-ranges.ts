/** A range of current over which something holds. */
export interface CurrentRange<Label> {
  readonly from: number;
  readonly to: number;
  readonly label: Label;
}

const perDecade = 120;
const halvings = 40;

/** Currents from `from` to `to` evenly on a logarithmic scale, both ends among them, with the points `knots` between. */
export function currents(from: number, to: number, knots: readonly number[] = []): number[] {
  const steps = Math.max(1, Math.ceil(Math.log10(to / from) * perDecade));
  const grid = Array.from({ length: steps + 1 }, (_, step) => (step === steps ? to : from * (to / from) ** (step / steps)));
  return [...new Set([...grid, ...knots.filter((knot) => knot > from && knot < to)])].toSorted((a, b) => a - b);
}

/** The ranges of one label each from `from` to `to`; where the label changes is found by halving. */
export function rangesOf<Label>(from: number, to: number, labelAt: (amperes: number) => Label, knots: readonly number[] = []): CurrentRange<Label>[] {
  if (!(from < to)) return [];
  const ranges: CurrentRange<Label>[] = [];
  let [begin, label, last] = [from, labelAt(from), from];
  for (const amperes of currents(from, to, knots)) {
    const next = labelAt(amperes);
    if (next !== label) {
      const edge = edgeBetween(last, amperes, label, labelAt);
      ranges.push({ from: begin, to: edge, label });
      [begin, label] = [edge, next];
    }
    last = amperes;
  }
  ranges.push({ from: begin, to, label });
  return ranges;
}

function edgeBetween<Label>(low: number, high: number, label: Label, labelAt: (amperes: number) => Label): number {
  let [below, above] = [low, high];
  for (let halving = 0; halving < halvings; halving++) {
    const middle = (below + above) / 2;
    if (labelAt(middle) === label) below = middle;
    else above = middle;
  }
  return above;
}
