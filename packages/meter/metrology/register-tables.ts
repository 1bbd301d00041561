import type { FieldValue, MeterContext } from "@metersmith/tables";
import type { Configuration } from "../configuration/configuration.ts";
import { civilText } from "../time/civil-date.ts";
import { numberIn } from "../tree-access.ts";
import type { MeasuredState } from "./measured-state.ts";
import { registerReading } from "./quantity.ts";
import { head, ofDemand, ofSnapshot } from "./register-layout.ts";
import { validSelfReads } from "./self-reads.ts";

/** Number formats (facts 3.4) that hold fractions: floating point, characters, implied decimals. What is shown in others is cut to whole units. */
const fractional: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 13]);

/** Parts of the registers that not every model shows, by table 21. */
export interface ShownParts {
  readonly resets: boolean;
  readonly time: boolean;
  readonly cumulative: boolean;
  readonly continuous: boolean;
  readonly season: boolean;
  readonly number: boolean;
}

/** `registers`: table 21 as the factory has it. */
export function shownParts(context: MeterContext, registers: Uint8Array | undefined): ShownParts {
  const tree = registers ? context.decode(21, registers).tree() : {};
  const flag = (group: string, name: string): boolean => numberIn(tree, group, name) === 1;
  return {
    resets: flag("REG_FUNC1", "DEMAND_RESET_CTR"), time: flag("REG_FUNC1", "DATE_TIME_FIELD"), season: flag("REG_FUNC1", "SEASON_INFO_FIELD"),
    cumulative: flag("REG_FUNC1", "CUM_DEMAND"), continuous: flag("REG_FUNC1", "CONT_CUM_DEMAND"), number: flag("REG_FUNC2", "SELF_READ_SEQ_NBR"),
  };
}

/** Tables 23 to 26 out of what was measured. */
export class RegisterTables {
  readonly #context: MeterContext;
  readonly #shown: ShownParts;
  readonly #state: MeasuredState;

  constructor(context: MeterContext, shown: ShownParts, state: MeasuredState) {
    this.#context = context;
    this.#shown = shown;
    this.#state = state;
  }

  /** Table 23. */
  current(configuration: Configuration): Uint8Array {
    const { layout } = this.#state;
    return this.#context.encode(23, this.#registers(this.#state.get(head.resets), layout.current, configuration));
  }

  /** Table 24 or 25: zeros before the first time. */
  previous(table: 24 | 25, configuration: Configuration): Uint8Array {
    const { layout } = this.#state;
    const snapshot = table === 24 ? layout.previousSeason : layout.previousReset;
    return this.#context.encode(table, Number.isNaN(this.#state.get(snapshot + ofSnapshot.at)) ? {} : this.#snapshot(snapshot, configuration));
  }

  /** Table 26: a ring, entry n in place n mod its size. */
  selfReads(configuration: Configuration): Uint8Array {
    const { layout } = this.#state;
    const [sequence, valid] = [this.#state.get(head.selfReadSequence), this.#state.get(head.selfReads)];
    const places = validSelfReads(layout, sequence, valid);
    return this.#context.encode(26, {
      LIST_STATUS: { LIST_TYPE: true, OVERFLOW_FLAG: this.#state.get(head.selfReadsOverflow) === 1 },
      NBR_VALID_ENTRIES: valid,
      LAST_ENTRY_ELEMENT: sequence % Math.max(1, layout.selfReads),
      LAST_ENTRY_SEQ_NBR: sequence,
      NBR_UNREAD_ENTRIES: this.#state.get(head.selfReadsUnread),
      ENTRIES: Array.from({ length: layout.selfReads }, (_, place) => {
        if (!places.has(place)) return {};
        const snapshot = layout.selfRead(place);
        return { ...(this.#shown.number ? { SELF_READ_SEQ_NBR: this.#state.get(snapshot + ofSnapshot.sequence) } : {}), ...this.#snapshot(snapshot, configuration) };
      }),
    });
  }

  #snapshot(snapshot: number, configuration: Configuration): { readonly [field: string]: FieldValue } {
    const [at, season, resets] = [ofSnapshot.at, ofSnapshot.season, ofSnapshot.resets].map((place) => this.#state.get(snapshot + place));
    return {
      REGISTER_INFO: { ...(this.#shown.time ? { END_DATE_TIME: civilText(at ?? 0).slice(0, 16) } : {}), ...(this.#shown.season ? { SEASON: season ?? 0 } : {}) },
      REGISTER_DATA: this.#registers(resets ?? 0, snapshot + ofSnapshot.length, configuration),
    };
  }

  /** `from`: where the blocks begin. */
  #registers(resets: number, from: number, configuration: Configuration): { readonly [field: string]: FieldValue } {
    const { layout } = this.#state;
    const [total, ...tiers] = Array.from({ length: layout.blocks }, (_, index) => this.#block(from + index * layout.blockLength, configuration));
    return { ...(this.#shown.resets ? { NBR_DEMAND_RESETS: resets } : {}), TOT_DATA_BLOCK: total ?? {}, TIER_DATA_BLOCK: tiers };
  }

  #block(block: number, configuration: Configuration): FieldValue {
    const { layout } = this.#state;
    const { ni1, ni2 } = this.#context.formats;
    const [inFirst, inSecond] = [fractional.has(ni1), fractional.has(ni2)];
    const numbers = (length: number): number[] => Array.from({ length }, (_, index) => index);
    return {
      SUMMATIONS: numbers(layout.summations).map((index) => registerReading(this.#state.get(block + index), configuration.summations[index], inFirst)),
      DEMANDS: numbers(layout.demands).map((index) => {
        const at = layout.demand(block, index);
        const [value, time, cumulative] = [this.#state.get(at + ofDemand.value), this.#state.get(at + ofDemand.at), this.#state.get(at + ofDemand.cumulative)];
        const quantity = configuration.demands[index];
        return {
          ...(Number.isNaN(time) || !this.#shown.time ? {} : { EVENT_TIME: [civilText(time).slice(0, 16)] }),
          ...(this.#shown.cumulative ? { CUM_DEMAND: registerReading(cumulative, quantity, inFirst) } : {}),
          ...(this.#shown.continuous ? { CONT_CUM_DEMAND: registerReading(cumulative + value, quantity, inFirst) } : {}),
          DEMAND: [registerReading(value, quantity, inSecond)],
        };
      }),
      COINCIDENTS: numbers(layout.coincidents).map((index) => ({
        COINCIDENT_VALUES: [registerReading(this.#state.get(layout.coincident(block, index)), configuration.coincidents[index]?.quantity, inSecond)],
      })),
    };
  }
}
