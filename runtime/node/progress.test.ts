import { expect, test } from "vitest";
import { openProgress, type ProgressOutput, silentProgress } from "./progress.ts";

function output(isTTY: boolean, columns = 80): ProgressOutput & { text: string } {
  const made = {
    isTTY,
    columns,
    text: "",
    write(text: string) {
      made.text += text;
    },
  };
  return made;
}

test("without a terminal a step is a line when it begins and one when it ends", () => {
  const to = output(false);
  let now = 0;
  const progress = openProgress(to, () => now);
  const step = progress.step("PostgreSQL");
  step.update(1, 2);
  now = 1250;
  step.done("started");
  progress.step("console").failed("no disk");
  expect(to.text).toBe("… PostgreSQL\n✓ PostgreSQL             started (1.3 s)\n… console\n✗ console                no disk\n");
});

test("on a terminal a bar is drawn over itself, as full as the count, never wider than the window", () => {
  const to = output(true, 60);
  const step = openProgress(to, () => 0).step("program meters");
  step.update(3, 12, "a long remark about what is being done with the third meter");
  const drawn = to.text.split("\r\x1b[2K").at(-1) ?? "";
  expect(drawn).toContain("█".repeat(6) + "░".repeat(18));
  expect(drawn).toContain("3/12");
  expect(drawn.length).toBeLessThan(60);
  step.done("12 of 12");
  expect(to.text.endsWith("(0.0 s)\n")).toBe(true);
  expect(to.text.match(/\n/g)).toHaveLength(1);
});

test("silent progress takes everything and writes nothing", () => {
  const step = silentProgress.step("x");
  step.update(1, 2);
  step.done("");
  silentProgress.line("x");
});
