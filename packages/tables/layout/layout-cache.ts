import type { Layout } from "./layout.ts";

const mostKept = 2_000;

/** Layouts by what they depend on: the table and the octets of its dimension tables. The oldest go when there are too many. */
export class LayoutCache {
  readonly #kept = new Map<string, Layout>();

  /** The kept layout of that key, or a new one. */
  get(key: string, make: () => Layout): Layout {
    const known = this.#kept.get(key);
    if (known) return known;
    const made = make();
    if (this.#kept.size >= mostKept) {
      const oldest = this.#kept.keys().next().value;
      if (oldest !== undefined) this.#kept.delete(oldest);
    }
    this.#kept.set(key, made);
    return made;
  }
}
