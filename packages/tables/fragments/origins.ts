import type { Digest } from "@metersmith/base/digest";

/** What a fragment did to a place. */
export interface Mark {
  readonly fragment: string;
  /** `made` put it there, as it is; `changed` altered what is in it; `removed` took it away. */
  readonly change: "made" | "changed" | "removed";
  /** Who made what was changed, as `Origins.of` gives it. */
  readonly maker?: string;
}

export interface StackedFragment {
  readonly name: string;
  readonly digest: Digest;
  /** False where its condition does not hold for the meter. */
  readonly applied: boolean;
}

/** Which fragment made, changed or removed which part of definitions. Immutable. */
export class Origins {
  static readonly base = new Origins([], new Map());

  /** The fragments applied so far, lowest first. */
  readonly stack: readonly StackedFragment[];
  readonly #marks: ReadonlyMap<string, Mark>;
  /** For each place, the fragments that touched something below it, each with one such place. */
  readonly #below: ReadonlyMap<string, ReadonlyMap<string, string>>;

  constructor(stack: readonly StackedFragment[], marks: ReadonlyMap<string, Mark>) {
    this.stack = stack;
    this.#marks = marks;
    const below = new Map<string, Map<string, string>>();
    for (const [place, { fragment }] of marks) {
      for (const above of placesAbove(place)) {
        const found = below.get(above) ?? new Map<string, string>();
        below.set(above, found.set(fragment, place));
      }
    }
    this.#below = below;
  }

  /** The same after one more fragment, which left those marks. */
  with(fragment: StackedFragment, marks: ReadonlyMap<string, Mark>): Origins {
    const kept = [...this.#marks].filter(([place]) => !placesAbove(place).some((above) => marks.has(above) && marks.get(above)?.change !== "changed"));
    return new Origins([...this.stack, fragment], new Map([...kept, ...marks]));
  }

  /** Who made what is at a place now: a fragment's name, or `base`. */
  of(place: string): string {
    for (const at of [place, ...placesAbove(place)]) {
      const mark = this.#marks.get(at);
      if (mark?.change === "made") return mark.fragment;
      if (mark?.maker !== undefined) return mark.maker;
    }
    return "base";
  }

  /** The fragment that removed a place, or what it lay in. */
  removerOf(place: string): string | undefined {
    for (const at of [place, ...placesAbove(place)]) {
      const mark = this.#marks.get(at);
      if (mark) return mark.change === "removed" ? mark.fragment : undefined;
    }
    return undefined;
  }

  /** A change by a fragment that is not among `allowed`, of the place, of what it lies in or of what lies in it. */
  foreign(place: string, allowed: readonly string[]): { readonly fragment: string; readonly place: string } | undefined {
    for (const at of [place, ...placesAbove(place)]) {
      const mark = this.#marks.get(at);
      if (mark && !allowed.includes(mark.fragment)) return { fragment: mark.fragment, place: at };
    }
    for (const [fragment, at] of this.#below.get(place) ?? []) if (!allowed.includes(fragment)) return { fragment, place: at };
    return undefined;
  }
}

/** `a/b/c` lies in `a/b` and `a`. */
function placesAbove(place: string): string[] {
  const above: string[] = [];
  for (let end = place.lastIndexOf("/"); end > 0; end = place.lastIndexOf("/", end - 1)) above.push(place.slice(0, end));
  return above;
}
