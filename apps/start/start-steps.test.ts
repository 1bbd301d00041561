import { silentProgress } from "@metersmith/node/progress";
import { expect, test } from "vitest";
import { Interrupted, StartSteps } from "./start-steps.ts";

const steps = (signal = new AbortController().signal): StartSteps => new StartSteps(silentProgress, signal);

test("a step that fails is on record with its reason, and its error goes on", async () => {
  const some = steps();
  await some.run("first", async () => ["well", undefined]);
  await expect(some.run("second", async () => Promise.reject(new Error("no disk")))).rejects.toThrow("no disk");
  expect(some.ended.map(({ name, ok, detail }) => [name, ok, detail])).toEqual([
    ["first", true, "well"],
    ["second", false, "no disk"],
  ]);
});

test("once it is interrupted, no further step begins", async () => {
  const stopping = new AbortController();
  const some = steps(stopping.signal);
  stopping.abort(new Interrupted());
  await expect(some.run("late", async () => ["", undefined])).rejects.toBeInstanceOf(Interrupted);
  expect(some.ended).toEqual([]);
});

test("of steps beside each other, one that fails stops the others, and all have ended when its error comes", async () => {
  const some = steps();
  let otherEnded = false;
  const other = (signal: AbortSignal): Promise<string> =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        otherEnded = true;
        reject(signal.reason as Error);
      });
    });
  const parts = [
    { name: "other", work: other },
    { name: "bad", work: async () => Promise.reject(new Error("port 1 is taken")) },
    { name: "good", work: async () => "there" },
  ];
  await expect(some.together("parts", parts)).rejects.toThrow("port 1 is taken");
  expect(otherEnded).toBe(true);
  expect(some.ended.map(({ name, ok }) => [name, ok])).toEqual([
    ["good", true],
    ["bad", false],
  ]);
});
