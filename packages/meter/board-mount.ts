import type { Clock } from "@metersmith/base/clock";
import type { FaultInjection } from "./faults.ts";
import type { FirmwareSource } from "./firmware/firmware-source.ts";
import type { Flash } from "./flash/flash.ts";
import type { Line } from "./line/line.ts";
import type { MeterMemory } from "./memory/meter-memory.ts";
import type { Provocations } from "./provocations/provocations.ts";
import type { UpdateTrust } from "./update/board-update.ts";

/** What a board is mounted into. */
export interface BoardMount {
  readonly line: Line;
  readonly flash: Flash;
  readonly memory: MeterMemory;
  readonly clock: Clock;
  readonly faults: FaultInjection;
  readonly provocations: Provocations;
  /** Runs instead of the firmware in flash. */
  readonly firmware: FirmwareSource | undefined;
  readonly trust: UpdateTrust | undefined;
}
