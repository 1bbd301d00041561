import { digestOfValue } from "@metersmith/base/digest";
import type { DeviceType } from "../device-type/device-type.ts";
import type { Parameters } from "../parameters/schema.ts";
import { buildProgram, type Build } from "./build.ts";

/** Builds of a fleet: the same parameters for the same type, in the same state, are built once. */
export class BuildStore {
  readonly #most: number;
  readonly #known = new Map<string, Build>();
  #made = 0;

  /** `most`: builds that are kept; the oldest make room. */
  constructor(most = 256) {
    this.#most = most;
  }

  /** Builds that were worked out. */
  get made(): number {
    return this.#made;
  }

  /** Throws as `buildProgram`. */
  build(type: DeviceType, parameters: Parameters): Build {
    const key = `${type.digest} ${digestOfValue(parameters)}`;
    const known = this.#known.get(key);
    if (known) return known;
    const build = buildProgram(type, parameters);
    this.#made++;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= this.#most) this.#known.delete(oldest);
    this.#known.set(key, build);
    return build;
  }
}
