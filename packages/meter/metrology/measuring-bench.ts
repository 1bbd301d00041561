import { isFault, type Firmware, type FirmwareFault, type FirmwareRunner } from "../firmware/firmware-runner.ts";
import { input, mostSteps, output } from "../firmware/interface.ts";
import { LineSample, phases, type Line } from "../line/line.ts";

/** Steps of one meter on their way through the firmware; made once for all meters that share a runner, for one meter at a time. */
export class MeasuringBench {
  readonly runner: FirmwareRunner;
  readonly #inputs = new Float64Array(mostSteps * input.length);
  readonly #outputs = new Float64Array(mostSteps * output.length);
  readonly #from = new Float64Array(mostSteps);
  readonly #to = new Float64Array(mostSteps);
  readonly #dead = new Uint8Array(mostSteps);
  readonly #sample = new LineSample();
  readonly #cosine = new Float64Array(phases);
  readonly #sine = new Float64Array(phases);
  readonly #degrees = new Float64Array(phases).fill(Number.NaN);
  /** Images that were loaded, by the object that holds them: a digest for each run would cost more than the run. */
  readonly #loaded = new WeakMap<Uint8Array, Firmware | FirmwareFault>();
  steps = 0;

  constructor(runner: FirmwareRunner) {
    this.runner = runner;
  }

  get full(): boolean {
    return this.steps === mostSteps;
  }

  begin(): void {
    this.steps = 0;
  }

  from(step: number): number {
    return this.#from[step] ?? 0;
  }

  to(step: number): number {
    return this.#to[step] ?? 0;
  }

  /** There was no power in this step. */
  dead(step: number): boolean {
    return this.#dead[step] === 1;
  }

  count(step: number, place: number): number {
    return this.#outputs[step * output.length + place] ?? 0;
  }

  /** Samples the line from `from` on; the step lasts to the whole second that is returned, `until` at the latest. */
  take(line: Line, from: number, until: number): number {
    const sample = this.#sample;
    const to = Math.min(until, Math.max(from + 1, Math.floor(line.sample(from, until, sample))));
    const step = this.steps++;
    this.#from[step] = from;
    this.#to[step] = to;
    this.#dead[step] = line.kind === "electricity" && sample.dead ? 1 : 0;
    this.#put(step * input.length, to - from, sample);
    return to;
  }

  /** Runs the steps taken; on a fault every count is nought. */
  run(firmware: Firmware, state: Uint8Array): FirmwareFault | undefined {
    const fault = this.runner.run(firmware, { state, inputs: this.#inputs, outputs: this.#outputs, steps: this.steps });
    if (fault) this.nothing();
    return fault;
  }

  nothing(): void {
    this.#outputs.fill(0, 0, this.steps * output.length);
  }

  /** The image ready to run, or why it is not. */
  firmware(image: Uint8Array): Firmware | FirmwareFault {
    const known = this.#loaded.get(image);
    if (known && !isFault(known)) return known;
    const loaded = this.runner.load(image);
    this.#loaded.set(image, loaded);
    return loaded;
  }

  #put(at: number, seconds: number, { volts, amperes, degrees, pulses }: LineSample): void {
    const inputs = this.#inputs;
    inputs[at + input.seconds] = seconds;
    inputs[at + input.pulses] = pulses;
    for (let phase = 0; phase < phases; phase++) {
      const angle = degrees[phase] ?? 0;
      if (angle !== this.#degrees[phase]) {
        this.#degrees[phase] = angle;
        this.#cosine[phase] = Math.cos((angle * Math.PI) / 180);
        this.#sine[phase] = Math.sin((angle * Math.PI) / 180);
      }
      inputs[at + input.volts + phase] = volts[phase] ?? 0;
      inputs[at + input.amperes + phase] = amperes[phase] ?? 0;
      inputs[at + input.cosine + phase] = this.#cosine[phase] ?? 0;
      inputs[at + input.sine + phase] = this.#sine[phase] ?? 0;
    }
  }
}
