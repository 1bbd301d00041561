import type { Progress, ProgressStep } from "@metersmith/node/progress";
import type { StoryResult } from "./story.ts";

/** Shows a story as it goes: the step that begins ends the one before. `ended` closes the last one. */
export function storyProgress(progress: Progress): {
  readonly onProgress: (step: string, done: number, total: number) => void;
  readonly ended: (result: StoryResult) => void;
} {
  let current: { name: string; shown: ProgressStep } | undefined;
  return {
    onProgress(name, done, total) {
      if (current?.name !== name) {
        current?.shown.done("");
        current = { name, shown: progress.step(name) };
      }
      if (total > 0) current.shown.update(done, total);
    },
    ended(result) {
      const last = result.steps.at(-1);
      if (last?.ok) current?.shown.done(last.detail);
      else current?.shown.failed(last?.detail ?? "nothing was done");
    },
  };
}
