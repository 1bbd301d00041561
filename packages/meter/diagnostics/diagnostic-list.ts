import type { Diagnostic } from "./diagnostic.ts";
import { firmwareExecution } from "./checks/firmware/firmware-execution.ts";
import { firmwareUpdate } from "./checks/firmware/firmware-update.ts";
import { cover } from "./checks/housing/cover.ts";
import { tilt } from "./checks/housing/tilt.ts";
import { headEnd } from "./checks/links/head-end.ts";
import { homeDevice } from "./checks/links/home-device.ts";
import { dataMemory } from "./checks/memory/data-memory.ts";
import { nonVolatileMemory } from "./checks/memory/nonvolatile-memory.ts";
import { programChecksum } from "./checks/memory/program-checksum.ts";
import { metrologyReference } from "./checks/metrology/metrology-reference.ts";
import { registerConsistency } from "./checks/metrology/register-consistency.ts";
import { reverseEnergy } from "./checks/metrology/reverse-energy.ts";
import { socketPhases } from "./checks/service/socket-phases.ts";
import { socketRotation } from "./checks/service/socket-rotation.ts";
import { socketVoltage } from "./checks/service/socket-voltage.ts";
import { battery } from "./checks/time/battery.ts";
import { clockDrift } from "./checks/time/clock-drift.ts";
import { timeSource } from "./checks/time/time-source.ts";

/** All diagnostics of this meter, in the order of their numbers. */
export const diagnostics: readonly Diagnostic[] = [
  programChecksum, dataMemory, nonVolatileMemory, firmwareUpdate, firmwareExecution, timeSource, clockDrift, battery, metrologyReference, registerConsistency, reverseEnergy,
  socketPhases, socketVoltage, socketRotation, cover, tilt, homeDevice, headEnd,
];
