import { mostStateOctets } from "../firmware/interface.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { ProfileState } from "../profile/profile-state.ts";
import { head, ofDemand, ofSnapshot, type RegisterLayout } from "./register-layout.ts";

/** Kept twice, each write to the older copy, so that one that is torn loses nothing that was acknowledged. */
const keys = ["registers.0", "registers.1"] as const;
/** `MSR2`, the shape of the registers, a checksum over all that follows, the generation. */
const sealOctets = 16;
const magic = 0x3252534d;

/**
 * All that a meter has measured, as one run of octets: numbers (RegisterLayout), the firmware's measuring state, the load profile's block under
 * way. It is kept as it stands, so that a commit is one copy.
 */
export class MeasuredState {
  readonly layout: RegisterLayout;
  readonly cells: Float64Array;
  readonly firmwareState: Uint8Array;
  readonly profile: ProfileState | undefined;
  readonly #record: Uint8Array;
  readonly #words: Uint32Array;
  readonly #signed: Int32Array;
  #generation = 0;

  /** Of a meter that has measured nothing. */
  constructor(layout: RegisterLayout) {
    this.layout = layout;
    const cells = layout.cells * 8;
    const buffer = new ArrayBuffer(sealOctets + cells + layout.octets);
    this.#record = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.#signed = new Int32Array(buffer);
    this.cells = new Float64Array(buffer, sealOctets, layout.cells);
    this.firmwareState = new Uint8Array(buffer, sealOctets + cells, mostStateOctets);
    const { profile } = layout;
    this.profile = profile && new ProfileState(profile, this.cells.subarray(layout.profileCells), new Uint8Array(buffer, sealOctets + cells + mostStateOctets, profile.octets));
    this.profile?.blank();
    this.clearRegisters();
  }

  /** Everything but the load profile's list: registers, demands, what was kept of them. */
  clearRegisters(): void {
    const { cells, layout } = this;
    const profileBefore = cells.slice(layout.profileCells);
    cells.fill(0);
    cells.set(profileBefore, layout.profileCells);
    for (const none of [head.season, head.day, head.deadSince]) cells[none] = Number.NaN;
    for (let block = 0; block < layout.blocks; block++) this.blankDemands(layout.block(block));
    for (const snapshot of [layout.previousReset, layout.previousSeason]) cells[snapshot + ofSnapshot.at] = Number.NaN;
  }

  blankDemands(block: number): void {
    for (let demand = 0; demand < this.layout.demands; demand++) {
      const at = this.layout.demand(block, demand);
      this.cells[at + ofDemand.value] = 0;
      this.cells[at + ofDemand.at] = Number.NaN;
    }
    for (let coincident = 0; coincident < this.layout.coincidents; coincident++) this.cells[this.layout.coincident(block, coincident)] = 0;
  }

  get(place: number): number {
    return this.cells[place] ?? Number.NaN;
  }

  set(place: number, value: number): void {
    this.cells[place] = value;
  }

  add(place: number, counts: number): void {
    this.cells[place] = (this.cells[place] ?? 0) + counts;
  }

  /** Keeps the registers as they are at `snapshot`, a place of the layout. */
  snapshot(snapshot: number, at: number, season: number, sequence: number): void {
    const { cells, layout } = this;
    cells[snapshot + ofSnapshot.at] = at;
    cells[snapshot + ofSnapshot.season] = season;
    cells[snapshot + ofSnapshot.resets] = this.get(head.resets);
    cells[snapshot + ofSnapshot.sequence] = sequence;
    cells.copyWithin(snapshot + ofSnapshot.length, layout.current, layout.current + layout.blocks * layout.blockLength);
  }

  /** Durable on return; throws where memory does. */
  keep(memory: MeterMemory): void {
    this.#words[0] = magic;
    this.#words[1] = this.layout.shape;
    const generation = (this.#generation + 1) >>> 0;
    this.#words[3] = generation;
    this.#words[2] = this.#checksum();
    memory.write(keys[generation & 1] ?? keys[0], this.#record);
    this.#generation = generation;
  }

  /** Takes the newest copy that is whole: `nothing` where nothing was kept, `damaged` where none is whole; then the state is as before. */
  recall(memory: MeterMemory): "recalled" | "nothing" | "damaged" {
    const before = this.#record.slice();
    const stored = keys.map((key) => memory.read(key));
    const generations = stored.map((copy, place) => (copy && this.#take(copy) && (this.#words[3] ?? 0) % 2 === place ? (this.#words[3] ?? 0) : -1));
    const newest = Math.max(...generations);
    const copy = stored[generations.indexOf(newest)];
    if (newest < 0 || !copy || !this.#take(copy)) {
      this.#record.set(before);
      // The first write of all goes to the second place: where that is torn and all there is, nothing was acknowledged yet.
      return stored[0] === undefined ? "nothing" : "damaged";
    }
    this.#generation = newest;
    return "recalled";
  }

  /** Whether a copy is whole and of this shape; it is taken in any case. */
  #take(copy: Uint8Array): boolean {
    if (copy.length !== this.#record.length) return false;
    this.#record.set(copy);
    const [stamp, shape, sum] = this.#words;
    return stamp === magic && shape === this.layout.shape && sum === this.#checksum();
  }

  /** FNV-1a by words of 32 bits, over the generation and all behind the seal: finds damage, not intent. Ours. */
  #checksum(): number {
    let sum = 0x811c9dc5 | 0;
    // Signed words stay small integers to the engine; the bits are the same.
    const words = this.#signed;
    for (let word = 3; word < words.length; word++) sum = Math.imul(sum ^ (words[word] ?? 0), 0x01000193);
    return sum >>> 0;
  }
}
