import { isFault, type FirmwareFault } from "../firmware/firmware-runner.ts";
import type { FirmwareSource } from "../firmware/firmware-source.ts";
import type { MeasuredState } from "./measured-state.ts";
import type { MeasuringBench } from "./measuring-bench.ts";
import { head } from "./register-layout.ts";

/** Runs in a row that may go wrong before the board leaves that firmware alone, until another is active or power comes again. */
const mostFailures = 3;

/** Where a meter's firmware sits: runs the active image over its own measuring state, and knows what is wrong with it. */
export class FirmwareSeat {
  readonly #bench: MeasuringBench;
  readonly #source: FirmwareSource;
  readonly #state: MeasuredState;
  #image: Uint8Array | undefined;
  #failures = 0;
  #fault: FirmwareFault | undefined;

  constructor(bench: MeasuringBench, source: FirmwareSource, state: MeasuredState) {
    this.#bench = bench;
    this.#source = source;
    this.#state = state;
  }

  /** Of the last run; undefined where it went well. */
  get fault(): FirmwareFault | undefined {
    return this.#fault;
  }

  /** Of the active image, as it says itself; undefined where it is none that can run. */
  get version(): { readonly version: number; readonly revision: number } | undefined {
    const firmware = this.#bench.firmware(this.#source.active);
    return isFault(firmware) ? undefined : firmware;
  }

  /** Runs the bench's steps; on a fault all counts are nought and the measuring state is as before. Answers a fault that was not there before. */
  run(): FirmwareFault | undefined {
    const image = this.#source.active;
    if (image !== this.#image) {
      this.#image = image;
      this.#failures = 0;
    }
    const before = this.#fault;
    if (this.#failures < mostFailures) this.#fault = this.#tried(image);
    else this.#bench.nothing();
    if (!this.#fault) {
      this.#failures = 0;
      return undefined;
    }
    this.#failures++;
    return this.#fault.reason === before?.reason ? undefined : this.#fault;
  }

  #tried(image: Uint8Array): FirmwareFault | undefined {
    const firmware = this.#bench.firmware(image);
    if (isFault(firmware)) {
      this.#bench.nothing();
      return firmware;
    }
    // Another version keeps its state in a form of its own: less than a count each is lost.
    const version = firmware.version * 256 + firmware.revision;
    const { firmwareState } = this.#state;
    if (this.#state.get(head.firmware) === version) return this.#bench.run(firmware, firmwareState);
    const fault = this.#bench.run(firmware, firmwareState.fill(0));
    if (!fault) this.#state.set(head.firmware, version);
    return fault;
  }
}
