import { doneLine, type Progress, type ProgressStep } from "@metersmith/node/progress";
import { machineFailure } from "./machine-failure.ts";

/** A step of a start as it ended. */
export interface Step {
  readonly name: string;
  readonly ok: boolean;
  /** What came of it, or why it failed. */
  readonly detail: string;
  readonly seconds: number;
}

/** The run was ended by the person who started it. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted");
    this.name = "Interrupted";
  }
}

/** What a step gives: a few words about what came of it, and its result. */
type Work<Result> = Promise<readonly [detail: string, result: Result]>;

type Timed<Result> = { readonly step: Step; readonly result: Result } | { readonly step: Step; readonly error: unknown };

/** The steps of one start: run one after the other, shown as they go, kept for the summary. */
export class StartSteps {
  readonly #progress: Progress;
  readonly #signal: AbortSignal;
  readonly #ended: Step[] = [];
  readonly #shown = new Set<unknown>();

  constructor(progress: Progress, signal: AbortSignal) {
    this.#progress = progress;
    this.#signal = signal;
  }

  get ended(): readonly Step[] {
    return this.#ended;
  }

  /** Whether a person has seen this error as that of a step. */
  hasShown(error: unknown): boolean {
    return this.#shown.has(error);
  }

  /** Runs a step. One that throws is recorded as failed, and the error goes on; in a run that was interrupted that is the reason. */
  async run<Result>(name: string, work: (shown: ProgressStep) => Work<Result>): Promise<Result> {
    this.#signal.throwIfAborted();
    const shown = this.#progress.step(name);
    const timed = await this.#time(name, () => work(shown));
    if ("error" in timed) throw this.#failed(timed, shown);
    this.#ended.push(timed.step);
    shown.done(timed.step.detail);
    return timed.result;
  }

  /**
   * Runs steps beside each other, shown as one bar and, as each ends, a line. Where one fails the others are told to stop by the
   * signal, and the first failure is thrown when all have ended: nothing goes on behind the caller's back.
   */
  async together(title: string, parts: readonly { readonly name: string; readonly work: (signal: AbortSignal) => Promise<string> }[]): Promise<void> {
    this.#signal.throwIfAborted();
    const failing = new AbortController();
    const signal = AbortSignal.any([this.#signal, failing.signal]);
    const shown = this.#progress.step(title);
    const failures: Extract<Timed<undefined>, { error: unknown }>[] = [];
    let done = 0;
    shown.update(done, parts.length);
    await Promise.all(
      parts.map(async ({ name, work }) => {
        const timed = await this.#time(name, async () => [await work(signal), undefined] as const);
        if ("error" in timed) {
          failures.push(timed);
          failing.abort(new Interrupted());
          return;
        }
        this.#ended.push(timed.step);
        this.#progress.line(doneLine(name, timed.step.detail, 1000 * timed.step.seconds));
        shown.update(++done, parts.length);
      }),
    );
    const [first] = failures;
    if (first) throw this.#failed(first, shown);
    shown.done(`${done} of ${parts.length}`);
  }

  /** Puts on record what failed outside a step. */
  addFailure(name: string, detail: string): void {
    this.#ended.push({ name, ok: false, detail, seconds: 0 });
  }

  async #time<Result>(name: string, work: () => Work<Result>): Promise<Timed<Result>> {
    const begun = performance.now();
    const seconds = (): number => Number(((performance.now() - begun) / 1000).toFixed(2));
    try {
      const [detail, result] = await work();
      return { step: { name, ok: true, detail, seconds: seconds() }, result };
    } catch (caught) {
      const error: unknown = this.#signal.aborted ? this.#signal.reason : machineFailure(caught);
      const detail = error instanceof Error ? error.message : String(error);
      return { step: { name, ok: false, detail, seconds: seconds() }, error };
    }
  }

  #failed({ step, error }: { readonly step: Step; readonly error: unknown }, shown: ProgressStep): unknown {
    this.#ended.push(step);
    this.#shown.add(error);
    shown.failed(step.detail);
    return error;
  }
}
