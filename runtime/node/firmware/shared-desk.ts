import { input, mostImageOctets, mostStateOctets, mostSteps, output } from "@metersmith/meter/firmware/interface";

/** What `signal` says: whose turn it is. */
export const turn = { idle: 0, load: 1, run: 2, answered: 3 } as const;

/** Control words, by place. */
export const word = { signal: 0, slot: 1, length: 2, count: 3 } as const;

const mostAnswer = 4096;

/**
 * The memory that the two threads share: control words, an image or an answer, one run's state, inputs and outputs. One side writes at a time; `signal` hands
 * it over, by Atomics.
 */
export class SharedDesk {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly image: Uint8Array;
  readonly answer: Uint8Array;
  readonly state: Uint8Array;
  readonly inputs: Float64Array;
  readonly outputs: Float64Array;

  constructor(shared: SharedArrayBuffer) {
    let at = 0;
    const take = (octets: number): number => {
      const begin = at;
      at += octets;
      return begin;
    };
    this.control = new Int32Array(shared, take(word.count * 8), word.count);
    this.image = new Uint8Array(shared, take(mostImageOctets), mostImageOctets);
    this.answer = new Uint8Array(shared, take(mostAnswer), mostAnswer);
    this.state = new Uint8Array(shared, take(mostStateOctets), mostStateOctets);
    this.inputs = new Float64Array(shared, take(mostSteps * input.length * 8), mostSteps * input.length);
    this.outputs = new Float64Array(shared, take(mostSteps * output.length * 8), mostSteps * output.length);
  }

  static octets = word.count * 8 + mostImageOctets + mostAnswer + mostStateOctets + mostSteps * (input.length + output.length) * 8;

  /** A small value as JSON, in front of it its length in `length`. */
  write(value: unknown): void {
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    this.answer.set(bytes);
    this.control[word.length] = bytes.length;
  }

  read(): unknown {
    // A copy: text is not decoded from shared memory.
    return JSON.parse(new TextDecoder().decode(this.answer.slice(0, this.control[word.length])));
  }
}
