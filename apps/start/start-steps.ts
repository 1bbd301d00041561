import { doneLine, type Progress, type ProgressStep } from "@metersmith/node/progress";
import type { StoryStep } from "./story.ts";

/** The run was ended by the person who started it. */
export class Interrupted extends Error {
  constructor() {
    super("stopped before it was ready");
    this.name = "Interrupted";
  }
}

/** The steps of one start: run one after the other, shown as they go, kept for the summary. */
export class StartSteps {
  readonly #progress: Progress;
  readonly #signal: AbortSignal;
  readonly #ended: StoryStep[] = [];

  constructor(progress: Progress, signal: AbortSignal) {
    this.#progress = progress;
    this.#signal = signal;
  }

  get ended(): readonly StoryStep[] {
    return this.#ended;
  }

  /** Runs a step; its detail says in a few words what came of it. A step that throws is recorded as failed, and the error goes on. */
  async run<Result>(name: string, work: (shown: ProgressStep) => Promise<readonly [detail: string, result: Result]>): Promise<Result> {
    this.#signal.throwIfAborted();
    const shown = this.#progress.step(name);
    const begun = performance.now();
    const seconds = (): number => Number(((performance.now() - begun) / 1000).toFixed(2));
    try {
      const [detail, result] = await work(shown);
      shown.done(detail);
      this.#ended.push({ name, ok: true, detail, seconds: seconds() });
      return result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      shown.failed(reason);
      this.#ended.push({ name, ok: false, detail: reason, seconds: seconds() });
      throw error;
    }
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
    const begun = performance.now();
    const seconds = (): number => Number(((performance.now() - begun) / 1000).toFixed(2));
    const failures: { name: string; error: unknown }[] = [];
    let done = 0;
    shown.update(done, parts.length);
    await Promise.all(
      parts.map(async ({ name, work }) => {
        try {
          const detail = await work(signal);
          this.#ended.push({ name, ok: true, detail, seconds: seconds() });
          this.#progress.line(doneLine(name, detail, performance.now() - begun));
          shown.update(++done, parts.length);
        } catch (error) {
          failures.push({ name, error });
          failing.abort(new Interrupted());
        }
      }),
    );
    const [first] = failures;
    if (!first) return shown.done(`${done} of ${parts.length}`);
    const reason = first.error instanceof Error ? first.error.message : String(first.error);
    shown.failed(reason);
    this.#ended.push({ name: first.name, ok: false, detail: reason, seconds: seconds() });
    throw first.error;
  }

  /** Takes over steps that were run and shown elsewhere. */
  add(steps: readonly StoryStep[]): void {
    this.#ended.push(...steps);
  }
}
