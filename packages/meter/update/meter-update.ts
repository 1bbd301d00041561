import { equalBytes } from "@metersmith/base/bytes";
import { manifestRefusals, releaseOf, reviewRefusals, type EpochSeconds, type MeterSituation, type VerifiedImage } from "@metersmith/images";
import { sha256 } from "@noble/hashes/sha2.js";
import type { FirmwareSource } from "../firmware/firmware-source.ts";
import { regionOf, regionsOf, type FlashLayout } from "../flash/flash-layout.ts";
import type { Flash } from "../flash/flash.ts";
import { readSlot, type SlotContent } from "./firmware-slot.ts";
import { ImageBuffer, isReceived, withReceived } from "./image-buffer.ts";
import type { SharedModules } from "./shared-modules.ts";
import { SwapRoutine, type SwapAreas } from "./swap-routine.ts";
import { updateLimits, type UpdateBoard, type UpdateLimits } from "./update-board.ts";
import { UpdateRecord } from "./update-record.ts";
import { refusalCodes, refused, refusedFirst, refusedImage, type UpdateRefusal } from "./update-refusal.ts";
import type { UpdateState } from "./update-state.ts";

const noFirmware = new Uint8Array();

/**
 * The updates of one meter: an image is received into the buffer, verified, activated now or at a time; a program fills the other bank, firmware goes through
 * the swap and a trial. One at a time. Each command is durable on return, or refused with a reason; undefined is no reason.
 */
export class MeterUpdate implements FirmwareSource {
  readonly #areas: SwapAreas;
  readonly #record: UpdateRecord;
  readonly #swap: SwapRoutine;
  readonly #board: UpdateBoard;
  readonly #modules: SharedModules | undefined;
  #running: SlotContent | undefined;

  constructor(flash: Flash, layout: FlashLayout, board: UpdateBoard, modules?: SharedModules, limits: UpdateLimits = updateLimits) {
    this.#board = board;
    this.#modules = modules;
    this.#areas = { program: regionOf(flash, layout.program), reserve: regionOf(flash, layout.reserve), buffer: new ImageBuffer(regionOf(flash, layout.buffer)) };
    this.#record = new UpdateRecord(regionsOf(flash, layout.state));
    this.#swap = new SwapRoutine(this.#areas, this.#record, board, limits);
  }

  /** Finishes what a loss of power left, before anybody is answered. */
  start(): void {
    this.#settle();
  }

  get state(): UpdateState {
    return this.#record.state;
  }

  /** The firmware on trial passed its self-test since the start. */
  get passed(): boolean {
    return this.#swap.passed;
  }

  get buffer(): Pick<ImageBuffer, "length" | "unit" | "pageSize" | "pagesOf"> {
    return this.#areas.buffer;
  }

  /** The state was lost, or could not be kept. */
  get memoryFailed(): boolean {
    return this.#record.lost || this.#record.failed;
  }

  /** How the newest update of the firmware ended: 0 well or taken back by command, else the reason's number. Undefined where none has ended since it began. */
  get failure(): number | undefined {
    const { phase, image, outcome } = this.state;
    if (phase !== "idle" || image?.kind !== "firmware" || outcome.code === "none" || outcome.code === "aborted") return undefined;
    return outcome.code === "done" || outcome.code === "reverted" ? 0 : refusalCodes.indexOf(outcome.code);
  }

  /** What runs: the program memory; the reserve where that is not whole. */
  get firmware(): SlotContent | undefined {
    if (!this.#running) {
      const slot = readSlot(this.#areas.program) ?? readSlot(this.#areas.reserve);
      this.#running = slot && { ...slot, module: this.#modules?.share(slot.module) ?? slot.module };
    }
    return this.#running;
  }

  get active(): Uint8Array {
    return this.firmware?.module ?? noFirmware;
  }

  /** When `tick` has something to do; seconds since 1970 UTC. */
  get dueAt(): EpochSeconds {
    const { phase, activateAt, trialUntil } = this.state;
    if (phase === "scheduled") return activateAt;
    return phase === "trial" && trialUntil > 0 ? trialUntil : Infinity;
  }

  /** Activates what is due, and ends a trial that is over. */
  tick(): void {
    const now = this.#board.now();
    if (now === undefined || now < this.dueAt) return;
    if (this.state.phase === "scheduled") {
      const refusal = this.#swapNow();
      // An image that was refused at its time waits for a new command.
      if (refusal) this.#record.keep({ phase: "verified", activateAt: 0, outcome: refusal });
    } else this.#settle();
  }

  begin(size: number): UpdateRefusal | undefined {
    const { state } = this;
    if (this.#record.lost) return refused("memory", "the state of earlier updates is lost, and with it the counters");
    if (state.phase !== "idle") return refused("phase", `update ${state.update} is ${state.phase}; abort it first`);
    if (size < 1 || size > this.buffer.length) return refused("too-large", `${size} octets; the buffer has ${this.buffer.length}`);
    this.#areas.buffer.forget();
    const received = new Uint8Array(Math.ceil(this.buffer.pagesOf(size) / 8));
    return this.#keep({ phase: "receiving", update: state.update + 1, size, received, image: undefined, outcome: { code: "none", place: 0 } });
  }

  /** Octets of the image: whole units from the beginning of one, but at the image's end. What is there already must be the same. */
  write(offset: number, bytes: Uint8Array): UpdateRefusal | undefined {
    const { phase, size, received } = this.state;
    if (phase !== "receiving") return refused("phase", "no image is being received");
    const end = offset + bytes.length;
    const { unit } = this.buffer;
    if (bytes.length === 0 || end > size || offset % unit !== 0 || (end % unit !== 0 && end !== size)) return refused("range", `octets ${offset} to ${end} of ${size}, in units of ${unit}`);
    const { result, whole } = this.#areas.buffer.write(offset, bytes, size, received);
    if (whole.length > 0 && !this.#record.keep({ received: withReceived(received, whole) })) return refused("memory", "the state was not taken");
    if (result === "ok") return undefined;
    return result === "differs" ? refused("differs", "other octets were received there") : refused("memory", "the buffer did not take it");
  }

  /** The image is whole, signed by a trusted key, for this meter as it is, and nothing that this meter would not do. */
  verify(): UpdateRefusal | undefined {
    const { phase, size, received } = this.state;
    if (phase !== "receiving") return refused("phase", "no image is being received");
    const missing = Array.from({ length: this.buffer.pagesOf(size) }, (_, page) => page).filter((page) => !isReceived(received, page));
    if (missing.length > 0) return this.#noted(refused("incomplete", `${missing.length} pages of the buffer are missing`));
    const bytes = this.#areas.buffer.read(size);
    const checked = this.#checked(bytes);
    if ("code" in checked) return this.#noted(checked);
    const { kind, id, version, counter } = checked.manifest;
    return this.#keep({ phase: "verified", image: { kind, id, version, counter, digest: sha256(bytes) }, outcome: { code: "none", place: 0 } });
  }

  /** Checks all again, against the tables as they are now, and swaps; or waits for the time. */
  activate(at?: EpochSeconds): UpdateRefusal | undefined {
    const { phase } = this.state;
    if (phase !== "verified" && phase !== "scheduled") return refused("phase", "no image is verified");
    const now = this.#board.now();
    if (at === undefined) return this.#noted(this.#swapNow());
    if (now === undefined) return refused("clock", "the clock is not set, so nothing can wait for a time");
    if (at <= now) return this.#noted(this.#swapNow());
    const ready = this.#ready(at);
    if ("code" in ready) return this.#noted(ready);
    return this.#keep({ phase: "scheduled", activateAt: at, outcome: { code: "none", place: 0 } });
  }

  /** Ends the trial well: from now on no older firmware is taken. */
  confirm(): UpdateRefusal | undefined {
    const { phase, counters, image } = this.state;
    if (phase !== "trial") return refused("phase", "no firmware is on trial");
    if (!this.#swap.passed) return refused("self-test", "the firmware on trial has not passed its self-test since the start");
    return this.#keep({ phase: "idle", boots: 0, trialUntil: 0, received: new Uint8Array(), counters: { ...counters, firmware: image?.counter ?? 0 }, outcome: { code: "done", place: 0 } });
  }

  /** Ends the trial and puts the old firmware back. */
  revert(): UpdateRefusal | undefined {
    if (this.state.phase !== "trial") return refused("phase", "no firmware is on trial");
    const refusal = this.#keep({ phase: "restoring", count: 0, outcome: { code: "reverted", place: 0 } });
    if (!refusal) this.#settle();
    return refusal;
  }

  /** Ends an update whose swap has not begun. */
  abort(): UpdateRefusal | undefined {
    const { phase } = this.state;
    if (phase !== "receiving" && phase !== "verified" && phase !== "scheduled") return refused("phase", "nothing is under way that could be aborted");
    return this.#keep({ phase: "idle", received: new Uint8Array(), image: undefined, outcome: { code: "aborted", place: 0 } });
  }

  #swapNow(): UpdateRefusal | undefined {
    const ready = this.#ready(this.#board.now() ?? 0);
    if ("code" in ready) return ready;
    // From here on the flag is set.
    const refusal = this.#keep({ phase: ready.manifest.kind === "program" ? "applying" : "saving", count: 0, activateAt: 0, outcome: { code: "none", place: 0 } });
    if (refusal) return refusal;
    this.#settle();
    const { phase, outcome } = this.state;
    return phase === "trial" || outcome.code === "done" ? undefined : refused(outcome.code, "the swap did not succeed", outcome.place);
  }

  /** The image in the buffer, if nothing that is known now keeps it from being activated at that time. */
  #ready(at: EpochSeconds): VerifiedImage | UpdateRefusal {
    const { image, size } = this.state;
    const bytes = this.#areas.buffer.read(size);
    if (!image || !equalBytes(sha256(bytes), image.digest)) return refused("buffer", "the buffer does not read as it was verified");
    const checked = this.#checked(bytes);
    if ("code" in checked) return checked;
    const { activation = 0, expiry } = checked.manifest;
    if (at < activation) return refused("early", `not to be activated within ${activation - at} s from then`);
    return at >= expiry ? refused("expired", "the image will have expired") : checked;
  }

  #checked(bytes: Uint8Array): VerifiedImage | UpdateRefusal {
    const now = this.#board.now();
    let image: VerifiedImage;
    try {
      image = this.#board.verify(bytes, now);
    } catch (error) {
      return refusedImage(error);
    }
    const { manifest, content } = image;
    const situation: MeterSituation = { ...this.#board.identity, firmware: releaseOf(this.firmware?.version ?? 0), counter: this.state.counters[manifest.kind], now };
    const refusals = [...manifestRefusals(manifest, situation), ...reviewRefusals(image.inventory, (table) => this.#board.read(table))];
    const refusal = refusedFirst(refusals);
    if (refusal) return refusal;
    if (content.kind === "program") return this.#board.refusesSteps(content.steps) ?? image;
    const reason = this.#board.refusesModule(content.module, manifest.version);
    return reason === undefined ? image : refused("content", reason);
  }

  #settle(): void {
    this.#running = undefined;
    this.#swap.settle();
    this.#running = undefined;
  }

  #keep(change: Partial<UpdateState>): UpdateRefusal | undefined {
    return this.#record.keep(change) ? undefined : refused("memory", "the state was not taken");
  }

  /** A refusal that stays to be read. */
  #noted(refusal: UpdateRefusal | undefined): UpdateRefusal | undefined {
    const { code, place } = this.state.outcome;
    if (refusal && (code !== refusal.code || place !== refusal.place)) this.#record.keep({ outcome: { code: refusal.code, place: refusal.place } });
    return refusal;
  }
}
