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

test("a step that an interruption cuts short says so, not how its work noticed", async () => {
  const stopping = new AbortController();
  const some = steps(stopping.signal);
  const cut = some.run("receive programs", async () => {
    stopping.abort(new Interrupted());
    throw new TypeError("fetch failed");
  });
  await expect(cut).rejects.toBeInstanceOf(Interrupted);
  expect(some.ended).toMatchObject([{ name: "receive programs", ok: false, detail: "interrupted" }]);
});

test.each(["listen EMFILE: too many open files 127.3.4.5:1153", "initdb: FATAL: insufficient file descriptors available to start server process"])("%s: the step says which limit to raise", async (message) => {
  const some = steps();
  const failed = some.run("street", async () => Promise.reject(new Error(message)));
  await expect(failed).rejects.toMatchObject({ code: "too-many-files", kind: "input", message: expect.stringContaining("ulimit -n") });
});

test("a failure that a person has seen as that of a step is known, to be told once", async () => {
  const some = steps();
  const error = new Error("no disk");
  await some.run("state", async () => Promise.reject(error)).catch(() => undefined);
  expect([some.hasShown(error), some.hasShown(new Error("no disk"))]).toEqual([true, false]);
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
