import type { Clock } from "@metersmith/base/clock";
import type { MeterClient } from "./meter-client.ts";
import type { ProgramPlan } from "./program-plan.ts";
import type { ProgramOptions } from "./program-options.ts";
import type { ProgramReport } from "./program-report.ts";
import { ProgramRun } from "./program-run.ts";

/**
 * Programs a meter that is logged on: holds the plan against its tables, compares bit by bit under the access policy, writes only
 * what differs, sets the clock, reads everything back, and looks how the meter runs. Nothing is written unless all of it may be.
 *
 * Never rejects for what the meter, the link or the plan do: the report says it. It compares first, so running it again after a
 * break writes what is missing and no more.
 */
export async function programMeter(meter: MeterClient, plan: ProgramPlan, ports: { readonly clock: Clock }, options: ProgramOptions = {}): Promise<ProgramReport> {
  const run = new ProgramRun(meter, plan, ports.clock, options);
  await run.toItsEnd();
  return run.report();
}
