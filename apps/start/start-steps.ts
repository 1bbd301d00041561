import type { Progress, ProgressStep } from "@metersmith/node/progress";
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

  /** Takes over steps that were run and shown elsewhere. */
  add(steps: readonly StoryStep[]): void {
    this.#ended.push(...steps);
  }
}
