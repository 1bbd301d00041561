import type { MeterContext } from "@metersmith/tables";
import { mostStateOctets } from "../firmware/interface.ts";
import type { ProfileSize } from "../profile/profile-size.ts";
import { listIn, member } from "../tree-access.ts";

/** Parts of a sliding window that a meter can hold: an hour of the shortest part that divides it sensibly. Ours. */
export const mostParts = 15;

/** Places in front of everything else. Times: host seconds since 1970 unless said otherwise; NaN where there is none. */
export const head = {
  /** Measured up to here. */
  to: 0,
  resets: 1,
  /** When demand may be reset again. */
  resetLockedUntil: 2,
  /** Demand intervals that begin before count for nothing. */
  excludedUntil: 3,
  /** Season and day (CivilDay) in which the meter measured last. */
  season: 4,
  day: 5,
  /** Since when there is no power. */
  deadSince: 6,
  /** Of the self reads: number of the newest there ever was, valid, unread, whether unread ones were lost. */
  selfReadSequence: 7,
  selfReads: 8,
  selfReadsUnread: 9,
  selfReadsOverflow: 10,
  /** Version × 256 + revision of the firmware whose measuring state is kept. */
  firmware: 11,
  length: 12,
} as const;

/** Places of a demand within its block. `at`: when its interval ended, by the meter's clock; NaN where none has. */
export const ofDemand = { value: 0, at: 1, cumulative: 2, length: 3 } as const;
/** Places in front of the blocks of a snapshot: when it was taken, by the meter's clock (NaN: never), season, demand resets until then, its number. */
export const ofSnapshot = { at: 0, season: 1, resets: 2, sequence: 3, length: 4 } as const;

/**
 * Where the numbers of a meter's registers lie in one array of Float64: the same for all meters of a model. Counts are whole, milliwatt-hours
 * and so on (docs/reference/firmware.md), so sums are exact; demands are counts times one hour.
 */
export class RegisterLayout {
  readonly summations: number;
  readonly demands: number;
  readonly coincidents: number;
  /** The total, then tier by tier. */
  readonly blocks: number;
  /** Entries of table 26. */
  readonly selfReads: number;
  readonly profile: ProfileSize | undefined;
  readonly blockLength: number;
  /** Where the blocks begin. */
  readonly current = head.length;
  /** Demands and coincident values under way: what was drawn in the interval, then the parts of the window, the newest at `parts % mostParts`. */
  readonly underWay: number;
  readonly previousReset: number;
  readonly previousSeason: number;
  readonly firstSelfRead: number;
  /** Where the load profile's numbers begin. */
  readonly profileCells: number;
  readonly cells: number;
  /** Behind the cells: the firmware's measuring state, then the block of the load profile that is under way. */
  readonly octets: number;

  constructor(context: MeterContext, profile: ProfileSize | undefined) {
    const template = context.decode(23, context.encode(23, {})).tree();
    const total = member(template, "TOT_DATA_BLOCK");
    this.summations = listIn(total, "SUMMATIONS").length;
    this.demands = listIn(total, "DEMANDS").length;
    this.coincidents = listIn(total, "COINCIDENTS").length;
    this.blocks = 1 + listIn(template, "TIER_DATA_BLOCK").length;
    this.selfReads = context.has(26) ? listIn(context.decode(26, context.encode(26, {})).tree(), "ENTRIES").length : 0;
    this.profile = profile;
    this.blockLength = this.summations + this.demands * ofDemand.length + this.coincidents;
    const all = this.blocks * this.blockLength;
    const snapshot = ofSnapshot.length + all;
    this.underWay = this.current + all;
    this.previousReset = this.underWay + (this.demands + this.coincidents) * windowLength;
    this.previousSeason = this.previousReset + snapshot;
    this.firstSelfRead = this.previousSeason + snapshot;
    this.profileCells = this.firstSelfRead + this.selfReads * snapshot;
    this.cells = this.profileCells + (profile ? profile.cells : 0);
    this.octets = mostStateOctets + (profile ? profile.octets : 0);
  }

  /** Place of a block: 0 the total, then tier by tier. A tier that the model has not is not there. */
  block(index: number): number {
    return this.current + index * this.blockLength;
  }

  demand(block: number, index: number): number {
    return block + this.summations + index * ofDemand.length;
  }

  coincident(block: number, index: number): number {
    return block + this.summations + this.demands * ofDemand.length + index;
  }

  /** `index`: demands, then coincident values. */
  window(index: number): number {
    return this.underWay + index * windowLength;
  }

  selfRead(sequence: number): number {
    return this.firstSelfRead + (sequence % this.selfReads) * (ofSnapshot.length + this.blocks * this.blockLength);
  }

  /** Registers of this shape and of no other, for what is kept of them. */
  get shape(): number {
    return [this.summations, this.demands, this.coincidents, this.blocks, this.selfReads, this.cells, this.octets].reduce((sum, one) => Math.imul(sum ^ one, 0x01000193) >>> 0, 0x811c9dc5);
  }
}

/** Of a window: drawn in the interval under way, parts that were added since it began anew, and the parts. */
export const ofWindow = { drawn: 0, count: 1, parts: 2 } as const;
const windowLength = ofWindow.parts + mostParts;
