import { concatBytes } from "@metersmith/base/bytes";
import { digestOf } from "@metersmith/base/digest";
import type { MeterContext, TableId } from "@metersmith/tables";
import { configurationSources, readConfiguration, type Configuration } from "./configuration.ts";

/** Configurations that are kept: a neighbourhood has a handful of programs. */
const mostConfigurations = 64;

/** What the tables mean, worked out once for all meters of a model that hold the same octets in them. */
export class ConfigurationStore {
  readonly #context: MeterContext;
  readonly #known = new Map<string, Configuration>();

  constructor(context: MeterContext) {
    this.#context = context;
  }

  /** `image`: the tables as they are stored. */
  of(image: (table: TableId) => Uint8Array | undefined): Configuration {
    const key = this.#keyOf(image);
    const known = this.#known.get(key);
    if (known) return known;
    const made = readConfiguration(this.#context, { image });
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= mostConfigurations) this.#known.delete(oldest);
    this.#known.set(key, made);
    return made;
  }

  /** The tables' octets but those of table 6, which tells meters apart: of it only the tariff's name counts. */
  #keyOf(image: (table: TableId) => Uint8Array | undefined): string {
    const utility = image(6);
    const tariff = utility ? this.#context.decode(6, utility).text("TARIFF_ID") : "";
    const octets = configurationSources.map((table) => image(table) ?? new Uint8Array());
    return `${tariff} ${digestOf(concatBytes(...octets))}`;
  }
}
