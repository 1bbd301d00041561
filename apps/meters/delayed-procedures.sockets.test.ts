import { untilSettled } from "@metersmith/base/until-settled";
import type { ProcedureAnswer, ProcedureOptions } from "@metersmith/client";
import { expect, test } from "vitest";
import { MeterInMemory, programmer } from "./testing/meter-in-memory.ts";

const demandReset = { ACTION: { DEMAND_RESET: true } };

/** An ix-4s, whose demand reset takes 2 s, asked by a client over the link. */
async function asked(options: ProcedureOptions) {
  const bench = new MeterInMemory("ix-4s");
  const client = bench.connect();
  const run = <Value>(promise: Promise<Value>): Promise<Value> => untilSettled(bench.clock, promise);
  await run(client.connect({ user: "bench", userId: 7, password: programmer }));
  await run(client.context());
  const start = bench.clock.now();
  const outcome = await run(client.procedure(9, demandReset, options).catch((error: unknown) => error as ProcedureAnswer));
  return { bench, client, run, outcome, took: bench.clock.now() - start };
}

test.each<ProcedureOptions["reply"]>(["on-completion", "immediate-and-on-completion"])("a procedure that takes its time is asked for until it has ended (%s), and the session goes on", async (reply) => {
  const { client, run, outcome, took } = await asked(reply ? { reply } : {});
  expect(outcome).toMatchObject({ outcome: "completed", response: Uint8Array.of(1) });
  expect(took).toBeGreaterThanOrEqual(2000);
  expect(took).toBeLessThan(6000);
  expect((await run(client.readTable(23))).get("NBR_DEMAND_RESETS")).toBe(1);
});

test.each<ProcedureOptions["reply"]>(["on-exception", "never"])("asked to say nothing of success (%s), it is taken for done and runs on in the meter", async (reply) => {
  const { bench, client, run, outcome } = await asked(reply ? { reply } : {});
  expect(outcome).toMatchObject({ outcome: "completed", assumed: true });
  bench.clock.advance(2000);
  expect((await run(client.readTable(23))).get("NBR_DEMAND_RESETS")).toBe(1);
});

test("the waiting ends at the deadline, saying whether the meter had begun", async () => {
  const begun = await asked({ reply: "immediate-and-on-completion", deadline: 1000 });
  expect(begun.outcome).toMatchObject({ code: "procedure-lost", kind: "peer-refused", message: expect.stringContaining("was accepted and had not ended") as unknown });
  const unheard = await asked({ reply: "on-completion", deadline: 1000 });
  expect(unheard.outcome).toMatchObject({ code: "procedure-lost", message: expect.stringContaining("never answered") as unknown });
  expect(begun.took).toBeLessThanOrEqual(1000);
});

test("a second one meanwhile is told of the timing, and no harm is done", async () => {
  const { bench, client, run } = await asked({ reply: "never" });
  expect(await run(client.procedure(9, demandReset))).toMatchObject({ outcome: "timing-constraint" });
  bench.clock.advance(2000);
  expect(await run(client.procedure(9, demandReset))).toMatchObject({ outcome: "completed" });
});
