import { concatBytes } from "@metersmith/base/bytes";
import type { FieldValue, MeterContext } from "@metersmith/tables";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { civilText } from "../time/civil-date.ts";
import type { ProfileSize } from "./profile-size.ts";
import { ofProfile, type ProfileState } from "./profile-state.ts";

/** Octets in front of a kept block: its number, least significant first. */
const headLength = 4;

/** Tables 63 and 64 of all meters of a model, and the blocks of 64 that are finished, each in a record of its own place in the meter's memory. */
export class ProfileTables {
  readonly #context: MeterContext;
  readonly #size: ProfileSize;
  readonly #blockLength: number;

  constructor(context: MeterContext, size: ProfileSize) {
    this.#context = context;
    this.#size = size;
    this.#blockLength = context.layout(64).size / size.blocks;
  }

  /** Keeps the newest block, which is finished; durable on return. */
  keep(memory: MeterMemory, state: ProfileState, readings: readonly number[]): void {
    const sequence = state.get(ofProfile.sequence);
    const numbered = new Uint8Array(headLength);
    new DataView(numbered.buffer).setUint32(0, sequence, true);
    memory.write(this.#key(sequence), concatBytes(numbered, this.#octets(state, readings)));
  }

  status(state: ProfileState): Uint8Array {
    const sequence = state.get(ofProfile.sequence);
    return this.#context.encode(63, {
      LP_STATUS_SET1: {
        LP_SET_STATUS_FLAGS: { LIST_TYPE: true, OVERFLOW_FLAG: state.get(ofProfile.overflow) === 1, ACTIVE_MODE_FLAG: true },
        NBR_VALID_BLOCKS: state.get(ofProfile.valid),
        LAST_BLOCK_ELEMENT: sequence % this.#size.blocks,
        LAST_BLOCK_SEQ_NBR: sequence,
        NBR_UNREAD_BLOCKS: state.get(ofProfile.unread),
        NBR_VALID_INT: state.get(ofProfile.blockIntervals),
      },
    });
  }

  /** Table 64. A place whose record is not of the block that belongs there reads as zeros. */
  data(memory: MeterMemory, state: ProfileState, readings: readonly number[]): Uint8Array {
    const image = new Uint8Array(this.#context.layout(64).size);
    const [newest, valid] = [state.get(ofProfile.sequence), state.get(ofProfile.valid)];
    const place = (sequence: number): number => (sequence % this.#size.blocks) * this.#blockLength;
    for (let sequence = newest - valid + 1; sequence < newest; sequence++) {
      const kept = memory.read(this.#key(sequence));
      if (kept?.length !== headLength + this.#blockLength) continue;
      if (new DataView(kept.buffer, kept.byteOffset).getUint32(0, true) === sequence) image.set(kept.subarray(headLength), place(sequence));
    }
    if (state.hasBlock && valid > 0) image.set(this.#octets(state, readings), place(newest));
    return image;
  }

  #octets(state: ProfileState, readings: readonly number[]): Uint8Array {
    const intervals = Array.from({ length: state.get(ofProfile.blockIntervals) }, (_, at) => at);
    const channels = Array.from({ length: this.#size.channels }, (_, channel) => channel);
    const tree: FieldValue = {
      BLK_END_TIME: civilText(state.blockEnd).slice(0, 16),
      END_READINGS: readings.map((reading) => ({ BLK_END_READ: reading })),
      LP_INT: intervals.map((at) => ({
        EXTENDED_INT_STATUS: statusOctets(state.flagsOf(at), channels.map((channel) => state.statusOf(at, channel))),
        INT_DATA: channels.map((channel) => state.countOf(at, channel)),
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
