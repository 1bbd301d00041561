import type { Layout } from "./layout.ts";

const mostKept = 2_000;
/** Leaves of all kept layouts together: a list of them, once somebody asks for it, stays with its layout. */
const mostLeaves = 2_000_000;

/**
 * Layouts by what they depend on: the table and the octets of its dimension tables. The oldest go when there are too many of them, or when they are too large
 * together: a meter may report other dimensions at each reading.
 */
export class LayoutCache {
  readonly #kept = new Map<string, Layout>();
  #leaves = 0;

  /** The kept layout of that key, or a new one. */
  get(key: string, make: () => Layout): Layout {
    const known = this.#kept.get(key);
    if (known) return known;
    const made = make();
    for (const [oldest, layout] of this.#kept) {
      if (this.#kept.size < mostKept && this.#leaves + made.leafCount <= mostLeaves) break;
      this.#kept.delete(oldest);
      this.#leaves -= layout.leafCount;
    }
    this.#kept.set(key, made);
    this.#leaves += made.leafCount;
    return made;
  }
}
