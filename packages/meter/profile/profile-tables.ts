import { concatBytes } from "@metersmith/base/bytes";
import type { FieldValue, MeterContext } from "@metersmith/tables";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { civilText } from "../time/civil-date.ts";
import { numberIn } from "../tree-access.ts";
import type { ProfileBlock, ProfileSize, ProfileState } from "./profile-state.ts";

/** Octets in front of a kept block: its number, least significant first. */
const headLength = 4;

/** Dimensions of set 1 by table 61; undefined for a meter without a load profile. */
export function profileSize(context: MeterContext, dimensions: Uint8Array | undefined): ProfileSize | undefined {
  if (!dimensions || !context.has(61) || !context.has(64)) return undefined;
  const tree = context.decode(61, dimensions).tree();
  const size = {
    blocks: numberIn(tree, "NBR_BLKS_SET1"), intervals: numberIn(tree, "NBR_BLK_INTS_SET1"), channels: numberIn(tree, "NBR_CHNS_SET1"),
    intervalSeconds: numberIn(tree, "MAX_INT_TIME_SET1") * 60,
  };
  return Object.values(size).every((dimension) => dimension > 0) ? size : undefined;
}

/** Tables 63 and 64, and the blocks of 64 that are finished, each in a record of its own place. */
export class ProfileTables {
  readonly #context: MeterContext;
  readonly #memory: MeterMemory;
  readonly #size: ProfileSize;
  readonly #blockLength: number;

  constructor(context: MeterContext, memory: MeterMemory, size: ProfileSize) {
    this.#context = context;
    this.#memory = memory;
    this.#size = size;
    this.#blockLength = context.layout(64).size / size.blocks;
  }

  /** Keeps a finished block, durable on return. */
  keep(block: ProfileBlock, shown: (block: ProfileBlock) => readonly number[]): void {
    const head = new Uint8Array(headLength);
    new DataView(head.buffer).setUint32(0, block.sequence, true);
    this.#memory.write(this.#key(block.sequence), concatBytes(head, this.#octets(block, shown)));
  }

  status(state: ProfileState): Uint8Array {
    return this.#context.encode(63, {
      LP_STATUS_SET1: {
        LP_SET_STATUS_FLAGS: { LIST_TYPE: true, OVERFLOW_FLAG: state.overflow, ACTIVE_MODE_FLAG: true },
        NBR_VALID_BLOCKS: state.valid,
        LAST_BLOCK_ELEMENT: state.sequence % this.#size.blocks,
        LAST_BLOCK_SEQ_NBR: state.sequence,
        NBR_UNREAD_BLOCKS: state.unread,
        NBR_VALID_INT: state.block?.intervals.length ?? 0,
      },
    });
  }

  /** Table 64. A place whose record is not of the block that belongs there reads as zeros. */
  data(state: ProfileState, shown: (block: ProfileBlock) => readonly number[]): Uint8Array {
    const image = new Uint8Array(this.#context.layout(64).size);
    const place = (sequence: number): number => (sequence % this.#size.blocks) * this.#blockLength;
    for (let sequence = state.sequence - state.valid + 1; sequence < state.sequence; sequence++) {
      const kept = this.#memory.read(this.#key(sequence));
      if (kept?.length !== headLength + this.#blockLength) continue;
      if (new DataView(kept.buffer, kept.byteOffset).getUint32(0, true) === sequence) image.set(kept.subarray(headLength), place(sequence));
    }
    if (state.block && state.valid > 0) image.set(this.#octets(state.block, shown), place(state.sequence));
    return image;
  }

  #octets(block: ProfileBlock, shown: (block: ProfileBlock) => readonly number[]): Uint8Array {
    const tree: FieldValue = {
      BLK_END_TIME: civilText(block.end).slice(0, 16),
      END_READINGS: shown(block).map((reading) => ({ BLK_END_READ: reading })),
      LP_INT: block.intervals.map(({ flags, status, counts }) => ({
        EXTENDED_INT_STATUS: statusOctets(flags, status),
        INT_DATA: [...counts],
      })),
    };
    return this.#context.encode(64, { LP_DATA_SET1: [tree] }).slice(0, this.#blockLength);
  }

  #key(sequence: number): string {
    return `profile/${sequence % this.#size.blocks}`;
  }
}

/** The common flags and channel 1 in the first octet, then two channels an octet, the even one in the high half (facts ST64). */
function statusOctets(flags: number, status: readonly number[]): number[] {
  const of = (channel: number): number => status[channel - 1] ?? 0;
  const pairs = Array.from({ length: Math.floor(status.length / 2) }, (_, pair) => (of(2 * pair + 2) << 4) | of(2 * pair + 3));
  return [(flags << 4) | of(1), ...pairs];
}
