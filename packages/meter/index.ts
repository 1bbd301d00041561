export { MeterError, type MeterErrorCode } from "./meter-error.ts";
export { readMeterModel, type MeterModel } from "./meter-model.ts";
export { createMeter, type Meter, type MeterInspection, type MeterSetup } from "./meter.ts";
export type { MeterFaults } from "./faults.ts";
export { memoryInRam, type MeterMemory } from "./memory/meter-memory.ts";
