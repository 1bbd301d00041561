import type { Clock } from "@metersmith/base/clock";
import { ClientError } from "./client-error.ts";
import type { MeterClient } from "./meter-client.ts";
import type { Waiting } from "./waiting.ts";
import { clockFace, secondsBetween, setClockParameters } from "./planned-clock.ts";
import { procedureRefusal } from "./procedure-result.ts";
import type { PlannedClock } from "./program-plan.ts";

/** The clock is set where it is off by more than this. */
const toleranceSeconds = 2;
const setDateTime = 10;

/** Why a meter's clock must be set to run as planned, for people; undefined where it need not be. By tables 3 and 52. */
export async function clockFault(meter: MeterClient, planned: PlannedClock, clock: Clock, waiting: Waiting): Promise<string | undefined> {
  const status = await meter.readTable(3, waiting);
  const shown = await meter.readTable(52, waiting);
  const face = clockFace(planned, clock.now());
  if (status.get("ED_STD_STATUS1.CLOCK_ERROR_FLAG") === true) return "the meter reported CLOCK_ERROR";
  if (Object.entries(face.qualifiers).some(([name, value]) => shown.get(`TIME_DATE_QUAL.${name}`) !== value)) return `it did not run in ${planned.mode} time`;
  const error = secondsBetween(face.reading, String(shown.get("CLOCK_CALENDAR")));
  return Math.abs(error) <= toleranceSeconds ? undefined : `it was off by ${error} s`;
}

/** Sets the clock by procedure 10. Rejects as `procedure-refused` where the meter answers with a result other than 0. */
export async function setMeterClock(meter: MeterClient, planned: PlannedClock, clock: Clock, waiting: Waiting): Promise<void> {
  const { result } = await meter.procedure(setDateTime, setClockParameters(planned, clock.now()), waiting);
  if (result === 0) return;
  throw new ClientError("peer-refused", "procedure-refused", `The meter refused to set its clock (procedure ${setDateTime}): ${procedureRefusal(result)}`, { table: 8, actual: result });
}
