import { equalBytes } from "@metersmith/base/bytes";
import { decodeImage, readContent, unverifiedManifest, type ImageContent, type Manifest, type ProgramStep } from "@metersmith/images";
import type { TableId } from "@metersmith/tables";
import { sha256 } from "@noble/hashes/sha2.js";
import type { FlashRegion } from "../flash/flash-region.ts";
import { readSlot, writeSlot, type SlotContent } from "./firmware-slot.ts";
import type { ImageBuffer } from "./image-buffer.ts";
import { recoveryFor, type Findings, type RecoveryAction } from "./recovery-table.ts";
import type { UpdateBoard, UpdateLimits } from "./update-board.ts";
import type { UpdateRecord } from "./update-record.ts";
import type { OutcomeCode } from "./update-refusal.ts";

export interface SwapAreas {
  readonly program: FlashRegion;
  readonly reserve: FlashRegion;
  readonly buffer: ImageBuffer;
}

interface Staged {
  readonly digest: Uint8Array;
  readonly manifest: Manifest;
  readonly content: ImageContent;
}

/**
 * The swap routine, which lies in the protected area: copies what was verified from the buffer to where it works, verifies the copy, copies again where it is
 * wrong, and puts back what was there before. It trusts nothing but the state in flash and what it reads itself.
 */
export class SwapRoutine {
  readonly #areas: SwapAreas;
  readonly #record: UpdateRecord;
  readonly #board: UpdateBoard;
  readonly #limits: UpdateLimits;
  #tried = false;
  /** The image that was read last, by what its octets were. */
  #known: Staged | undefined;

  constructor(areas: SwapAreas, record: UpdateRecord, board: UpdateBoard, limits: UpdateLimits) {
    this.#areas = areas;
    this.#record = record;
    this.#board = board;
    this.#limits = limits;
  }

  /** The firmware on trial passed its self-test since the start. */
  get passed(): boolean {
    return this.#tried && this.#record.state.phase === "trial";
  }

  /** Goes on until the recovery table says that it stays, or memory takes no change of state. */
  settle(): void {
    for (;;) {
      const action = recoveryFor(this.#record.state.phase, this.#findings());
      if (action === "stay" || !this.#do(action)) return;
    }
  }

  #findings(): Findings {
    const { state } = this.#record;
    const { program, reserve } = this.#areas;
    const now = this.#board.now();
    return {
      bufferWhole: () => this.#octets() !== undefined,
      bankFilled: () => this.#board.program()?.update === state.update,
      programWhole: () => readSlot(program) !== undefined,
      reserveWhole: () => readSlot(reserve) !== undefined,
      bootsOver: () => state.boots >= this.#limits.boots,
      timeOver: () => state.trialUntil > 0 && now !== undefined && now >= state.trialUntil,
      tried: () => this.#tried,
    };
  }

  /** Whether the state was changed as it must be. */
  #do(action: Exclude<RecoveryAction, "stay">): boolean {
    switch (action) {
      case "fill the bank": return this.#fill();
      case "bank is filled": return this.#record.keep({ phase: "running", count: 0 });
      case "run procedures": return this.#run();
      case "stop running": return this.#applied("buffer");
      case "take nothing": return this.#end("buffer");
      case "save the old": return this.#copy(this.#areas.reserve, readSlot(this.#areas.program)) ? this.#record.keep({ phase: "installing", count: 0 }) : this.#end("copy");
      // Program memory that is not whole has nothing to save: what runs is in the reserve already, or nowhere.
      case "keep the reserve": return this.#record.keep({ phase: "installing", count: 0 });
      case "install the new": return this.#install();
      case "try the new": return this.#try();
      case "give up the new": return this.#giveUp("buffer");
      case "boots are over": return this.#giveUp("boots");
      case "time is over": return this.#giveUp("time");
      case "put the old back": return this.#copy(this.#areas.program, readSlot(this.#areas.reserve)) ? this.#end(this.#record.state.outcome.code) : this.#end("copy");
      case "stand still": return this.#end("copy");
    }
  }

  #giveUp(code: OutcomeCode): boolean {
    return this.#record.keep({ phase: "restoring", count: 0, outcome: { code, place: 0 } });
  }

  #end(code: OutcomeCode, place = 0): boolean {
    return this.#record.keep({ phase: "idle", count: 0, boots: 0, trialUntil: 0, received: new Uint8Array(), outcome: { code, place } });
  }

  /** Copies and verifies, again where it reads wrong. How often it did is kept, so that a loss of power does not begin the count anew. */
  #copy(to: FlashRegion, content: SlotContent | undefined): boolean {
    if (!content) return false;
    for (let { count } = this.#record.state; count < this.#limits.copies; count++) {
      if (writeSlot(to, content)) return true;
      if (!this.#record.keep({ count: count + 1 })) return false;
    }
    return false;
  }

  #install(): boolean {
    const staged = this.#staged();
    if (staged?.content.kind !== "firmware") return this.#giveUp("buffer");
    const { id, version } = staged.manifest;
    if (!this.#copy(this.#areas.program, { id, version, module: staged.content.module })) return this.#giveUp("copy");
    const now = this.#board.now();
    this.#tried = false;
    return this.#record.keep({ phase: "trial", count: 0, boots: 0, trialUntil: now === undefined ? 0 : now + this.#limits.trialSeconds });
  }

  /** The start is counted before the new firmware runs: one that hangs the board is taken back by the starts that follow. */
  #try(): boolean {
    if (!this.#record.keep({ boots: this.#record.state.boots + 1 })) return false;
    const slot = readSlot(this.#areas.program);
    if (!slot || this.#board.selfTest(slot.module) !== undefined) return this.#giveUp("self-test");
    this.#tried = true;
    return true;
  }

  #fill(): boolean {
    const { update, image } = this.#record.state;
    const steps = this.#steps();
    if (!steps || !image) return this.#end("buffer");
    const images = new Map<TableId, Uint8Array>();
    for (const step of steps) {
      if (step.do !== "write") continue;
      const before = images.get(step.table) ?? this.#board.stored(step.table);
      if (before?.length !== step.bytes.length) return this.#end("content", step.table);
      images.set(step.table, before.map((octet, at) => (octet & ~(step.mask[at] ?? 0)) | ((step.bytes[at] ?? 0) & (step.mask[at] ?? 0))));
    }
    const filled = this.#board.fillBank(images, { id: image.id, version: image.version, update });
    return filled ? this.#record.keep({ phase: "running", count: 0 }) : this.#end("memory");
  }

  /** Each procedure is noted as begun before it runs: after a loss of power within it, it is not run again. */
  #run(): boolean {
    const procedures = this.#steps()?.filter((step) => step.do === "procedure") ?? [];
    const { count } = this.#record.state;
    const next = procedures[count];
    if (!next) return this.#applied("done");
    if (!this.#record.keep({ count: count + 1 })) return false;
    return this.#board.run(next.procedure, next.parameter) || this.#applied("procedure", next.procedure);
  }

  #applied(code: OutcomeCode, place = 0): boolean {
    const { counters, image } = this.#record.state;
    return this.#record.keep({ phase: "idle", count: 0, received: new Uint8Array(), counters: { ...counters, program: image?.counter ?? 0 }, outcome: { code, place } });
  }

  #steps(): readonly ProgramStep[] | undefined {
    const content = this.#staged()?.content;
    return content?.kind === "program" ? content.steps : undefined;
  }

  /** What is in the buffer, where it is what was verified, octet for octet. */
  #octets(): Uint8Array | undefined {
    const { image, size } = this.#record.state;
    const bytes = image && this.#areas.buffer.read(size);
    return bytes && equalBytes(sha256(bytes), image.digest) ? bytes : undefined;
  }

  #staged(): Staged | undefined {
    const { image } = this.#record.state;
    const bytes = this.#octets();
    if (!bytes || !image) return undefined;
    const { digest } = image;
    if (this.#known && equalBytes(this.#known.digest, digest)) return this.#known;
    const { signedManifest, payload } = decodeImage(bytes);
    const { manifest } = unverifiedManifest(signedManifest);
    return (this.#known = { digest, manifest, content: readContent(manifest, payload) });
  }
}
