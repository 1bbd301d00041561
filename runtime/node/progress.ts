/** Where progress is written: standard error of a terminal, or a test's array. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** One step under way. */
export interface ProgressStep {
  /** `total` 0 where it is not counted. */
  update(done: number, total: number, detail?: string): void;
  done(detail: string): void;
  failed(reason: string): void;
}

export interface Progress {
  step(name: string): ProgressStep;
  /** A line of its own between the steps. */
  line(text: string): void;
}

const BAR_CELLS = 24;
const FRAME_MS = 100;
const NAME_COLUMNS = 22;

/** Nothing is written: for `--json`, whose reader is a program. */
export const silentProgress: Progress = {
  step: () => ({ update() {}, done() {}, failed() {} }),
  line() {},
};

/** A bar that is drawn over itself on a terminal; elsewhere one line when a step begins and one when it ends. */
export function openProgress(output: ProgressOutput, now: () => number = () => performance.now()): Progress {
  return output.isTTY ? barProgress(output, now) : lineProgress(output, now);
}

function lineProgress(output: ProgressOutput, now: () => number): Progress {
  return {
    line: (text) => void output.write(`${text}\n`),
    step(name) {
      const begun = now();
      output.write(`… ${name}\n`);
      return {
        update() {},
        done: (detail) => void output.write(`${doneLine(name, detail, now() - begun)}\n`),
        failed: (reason) => void output.write(`${failedLine(name, reason)}\n`),
      };
    },
  };
}

function barProgress(output: ProgressOutput, now: () => number): Progress {
  const overwrite = (text: string): unknown => output.write(`\r\x1b[2K${text}`);
  const fit = (text: string): string => text.slice(0, Math.max(20, (output.columns || 80) - 1));
  return {
    line: (text) => void overwrite(`${text}\n`),
    step(name) {
      const begun = now();
      let state = { done: 0, total: 0, detail: "" };
      const draw = (): void => {
        const { done, total, detail } = state;
        const count = total > 0 ? ` ${done}/${total}` : "";
        overwrite(fit(`  ${name.padEnd(NAME_COLUMNS)} ${bar(done, total, now() - begun)}${count} ${detail}`));
      };
      draw();
      const timer = setInterval(draw, FRAME_MS);
      timer.unref();
      const end = (text: string): void => {
        clearInterval(timer);
        overwrite(`${text}\n`);
      };
      return {
        update(done, total, detail = "") {
          state = { done, total, detail };
          draw();
        },
        done: (detail) => end(doneLine(name, detail, now() - begun)),
        failed: (reason) => end(failedLine(name, reason)),
      };
    },
  };
}

/** Filled by the counted part; a block that wanders where nothing is counted. */
function bar(done: number, total: number, elapsedMs: number): string {
  if (total > 0) {
    const filled = Math.round((BAR_CELLS * Math.min(done, total)) / total);
    return "█".repeat(filled) + "░".repeat(BAR_CELLS - filled);
  }
  const width = 4;
  const at = Math.floor(elapsedMs / FRAME_MS) % (BAR_CELLS - width + 1);
  return "░".repeat(at) + "█".repeat(width) + "░".repeat(BAR_CELLS - width - at);
}

/** How a step that has ended well is shown. */
export function doneLine(name: string, detail: string, milliseconds: number): string {
  return `✓ ${[name.padEnd(NAME_COLUMNS), detail, `(${(milliseconds / 1000).toFixed(1)} s)`].filter((part) => part !== "").join(" ")}`;
}

function failedLine(name: string, reason: string): string {
  return `✗ ${name.padEnd(NAME_COLUMNS)} ${reason}`;
}
