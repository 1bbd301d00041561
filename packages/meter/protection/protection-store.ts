import { toHex } from "@metersmith/base/bytes";
import { ProtectionError, readProtection, type Protection } from "@metersmith/protection";
import type { MeterContext, TableId } from "@metersmith/tables";
import { protectionTable } from "./protection-tables.ts";
import { ratingIn, settingIn, treeOf } from "./setting-table.ts";

/** Settings that are kept: a neighbourhood has a handful of programs. */
const mostSettings = 64;

/** What a meter's protection goes by. Where its table is refused it has no setting of its own, serves the utility's orders alone, and says so. */
export interface ReadSetting {
  readonly protection: Protection;
  /** Why the table is refused. */
  readonly problem: string | undefined;
}

/** What the tables of the service switch mean, worked out once for all meters of a model that hold the same octets in them. */
export class ProtectionStore {
  readonly context: MeterContext;
  readonly #rating: object;
  readonly #unset: Protection;
  readonly #known = new Map<string, ReadSetting>();

  private constructor(context: MeterContext, rating: object, unset: Protection) {
    this.context = context;
    this.#rating = rating;
    this.#unset = unset;
  }

  /** Undefined for a model without a service switch. Throws ProtectionError for a rating that is none. */
  static of(context: MeterContext, images: ReadonlyMap<TableId, Uint8Array>): ProtectionStore | undefined {
    const { rating: table, setting } = protectionTable;
    const image = images.get(table);
    if (!image || !context.has(setting)) return undefined;
    const rating = ratingIn(treeOf(context, table, image));
    const unset = readProtection({ rating, setting: settingIn(context, {}) }, "SWITCH_RATING_TBL");
    return new ProtectionStore(context, rating, unset);
  }

  /** Of PROTECTION_SETTING_TBL as it is stored. */
  read(image: Uint8Array): ReadSetting {
    const key = toHex(image);
    const known = this.#known.get(key);
    if (known) return known;
    const made = this.#readAnew(image);
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= mostSettings) this.#known.delete(oldest);
    this.#known.set(key, made);
    return made;
  }

  #readAnew(image: Uint8Array): ReadSetting {
    const setting = settingIn(this.context, treeOf(this.context, protectionTable.setting, image));
    try {
      return { protection: readProtection({ rating: this.#rating, setting }, "PROTECTION_SETTING_TBL"), problem: undefined };
    } catch (error) {
      if (!(error instanceof ProtectionError)) throw error;
      return { protection: this.#unset, problem: error.message };
    }
  }
}
