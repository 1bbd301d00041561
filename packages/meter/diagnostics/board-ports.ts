import type { TableId, MeterContext } from "@metersmith/tables";
import type { FirmwareFault, FirmwareFaultReason } from "../firmware/firmware-runner.ts";
import type { HealthFault } from "../firmware/health-check.ts";
import { LineSample, type Line } from "../line/line.ts";
import type { ProgramSums } from "../memory/program-sums.ts";
import type { Provocations } from "../provocations/provocations.ts";
import { batteryVoltage } from "./battery-voltage.ts";
import type { DiagnosticPorts, ServiceReading } from "./diagnostic-ports.ts";
import { readDiagnosticSettings, type DiagnosticSettings } from "./diagnostic-settings.ts";
import { diagnosticTable } from "./diagnostic-tables.ts";
import type { MeterFacts } from "./meter-facts.ts";
import { registerDifference } from "./register-difference.ts";
import { workingMemory } from "./working-memory.ts";

/** The parts of the board that diagnostics look at. */
export interface DiagnosedBoard {
  readonly context: MeterContext;
  readonly line: Line;
  readonly provocations: Provocations;
  readonly facts: MeterFacts;
  readonly sums: ProgramSums;
  /** Seconds of the running hardware. */
  readonly now: () => number;
  /** A table as a client would read it. */
  readonly image: (table: TableId) => Uint8Array | undefined;
  readonly memoryFailed: () => boolean;
  readonly firmwareFault: () => FirmwareFault | undefined;
  readonly metrologyFault: () => HealthFault | undefined;
}

/** What a front end of gain 1 reads of its reference, hundredths of a percent. */
const whole = 10_000;
const phases = 3;

/** Reasons by their number in events and results (ours), from 1. */
const faultReasons: readonly FirmwareFaultReason[] = [
  "not-a-module", "forbidden-part", "forbidden-import", "wrong-export", "wrong-interface", "trap", "deadline", "nonsense", "not-loaded",
];

function faultNumber(reason: FirmwareFaultReason | undefined): number {
  return reason === undefined ? 0 : faultReasons.indexOf(reason) + 1;
}

/** The diagnostics' view of a board. */
export function diagnosticPorts(board: DiagnosedBoard): DiagnosticPorts & { forgetSettings(): void } {
  const { context, provocations, facts } = board;
  let settings: DiagnosticSettings | undefined;
  const sample = new LineSample();
  return {
    get settings() {
      return (settings ??= settingsOf(board));
    },
    /** The table of the settings was written. */
    forgetSettings: () => void (settings = undefined),
    programAreas: () => board.sums.areas(),
    workingMemory: workingMemory(provocations),
    memoryFailed: () => board.memoryFailed(),
    firmware: () => ({
      updateFailed: provocations.get("firmware-update-failed")?.reason ?? facts.value.updateFailed,
      contained: faultNumber(board.firmwareFault()?.reason),
    }),
    timeSync() {
      const { syncs, syncedAt, correction } = facts.value;
      return syncs === 0 ? undefined : { secondsAgo: Math.max(0, board.now() - syncedAt), correction: syncs > 1 ? correction : undefined };
    },
    batteryMillivolts: () => batteryMillivolts(board),
    // Firmware that cannot run is another diagnostic's.
    countsWrong: () => board.metrologyFault()?.reason === "wrong-result",
    referenceDeviation: () => Math.round(((provocations.get("front-end-drift")?.gain ?? 1) - 1) * whole),
    registerDifference() {
      const image = context.has(23) ? board.image(23) : undefined;
      return image && registerDifference(context, image);
    },
    service: () => serviceReading(board, sample),
    housing: () => ({ coverOpen: provocations.get("cover-open") !== undefined, tiltDegrees: provocations.get("tilted")?.degrees ?? 0 }),
    links: () => ({ headEnd: facts.value.headEndFailures, homeDevice: facts.value.homeDeviceFailures, device: facts.value.homeDevice }),
  };
}

export function batteryMillivolts({ provocations, facts, now }: Pick<DiagnosedBoard, "provocations" | "facts" | "now">): number {
  const { installedAt, carriedOver } = facts.value;
  return provocations.get("battery-drained")?.millivolts ?? batteryVoltage(installedAt === 0 ? 0 : now() - installedAt, carriedOver);
}

function settingsOf({ context, image }: DiagnosedBoard): DiagnosticSettings {
  const table = context.has(diagnosticTable.control) ? image(diagnosticTable.control) : undefined;
  return readDiagnosticSettings(table && context.decode(diagnosticTable.control, table).tree());
}

function serviceReading({ line, provocations, now }: DiagnosedBoard, sample: LineSample): ServiceReading | undefined {
  if (line.kind !== "electricity") return undefined;
  const at = now();
  line.sample(at, at + 1, sample);
  let watts = 0;
  let alive = 0;
  for (let phase = 0; phase < phases; phase++) {
    watts += (sample.volts[phase] ?? 0) * (sample.amperes[phase] ?? 0) * Math.cos(((sample.degrees[phase] ?? 0) * Math.PI) / 180);
    if ((sample.volts[phase] ?? 0) > 0) alive += 1;
  }
  // A line says nothing of the order of its phases: it is right unless a socket has exchanged two.
  const rotation = alive < phases ? 0 : provocations.get("rotation-reversed") ? -1 : 1;
  return { volts: sample.volts, watts, rotation };
}
