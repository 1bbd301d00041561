import type { Clock } from "@metersmith/base/clock";
import type { CloseRefusal, OpeningReason } from "@metersmith/protection";
import type { PsemDevice } from "@metersmith/psem";
import type { TableId } from "@metersmith/tables";
import { Board } from "./board.ts";
import { FaultInjection, type MeterFaults } from "./faults.ts";
import type { FirmwareFault } from "./firmware/firmware-runner.ts";
import type { FirmwareSource } from "./firmware/firmware-source.ts";
import { FlashChip } from "./flash/flash-chip.ts";
import type { Flash } from "./flash/flash.ts";
import type { Line } from "./line/line.ts";
import { commercialService, householdService } from "./line/power-line.ts";
import { syntheticPulses } from "./line/pulse-line.ts";
import { syntheticHousehold } from "./line/synthetic-household.ts";
import type { MeterStorage } from "./memory/meter-memory.ts";
import { MeterError } from "./meter-error.ts";
import type { MeterModel } from "./meter-model.ts";
import { Provocations } from "./provocations/provocations.ts";
import type { ReportPort } from "./reports/report-queue.ts";
import type { LockoutState } from "./sessions/lockout.ts";
import { SessionDevice } from "./sessions/session-device.ts";
import { withPasswords } from "./tables/password-table.ts";
import type { UpdateTrust } from "./update/board-update.ts";

export interface MeterSetup {
  /** MFG_SERIAL_NUMBER and IDENTIFICATION: at most 16 characters. */
  readonly serial: string;
  /** One for each level of the model, in its order; at most as long as table 41 says. Used until table 42 has been written. */
  readonly passwords: readonly Uint8Array[];
  readonly memory: MeterStorage;
  readonly clock: Clock;
  /** What the meter is connected to; a synthetic household, told apart by serial number, where absent. */
  readonly line?: Line;
  /** Its flash device; one over the pages of `memory` where absent. */
  readonly flash?: Flash;
  /** What it runs instead of the firmware in its flash; for trying firmware that no update would let in. */
  readonly firmware?: FirmwareSource;
  /** Whose images it takes; nobody's where absent. */
  readonly trust?: UpdateTrust;
  readonly faults?: MeterFaults;
  /** What scenarios provoke in it; nothing where absent. May be changed while the meter runs. */
  readonly provocations?: Provocations;
}

/** A virtual meter under power. Making it again over the same memory is switching it off and on. */
export interface Meter {
  readonly serial: string;
  readonly deviceType: string;
  /** The meter's side of one connection. `hangUp` closes that connection; only provoked faults use it. */
  device(hangUp?: () => void): PsemDevice;
  /** Takes the power away: what is under way ends with nothing done. The object is of no use afterwards. */
  switchOff(): void;
  /**
   * Measures up to now. The meter does so by itself whenever it is asked for something; whoever wants its registers to survive a loss of power calls this
   * at least once an interval. Then diagnostics that are due, summaries of events, and reports that were not acknowledged; the first tick of a new meter is its
   * test at installation. Once a minute or so has reports go out in time. What ended an interval is durable on return; a loss of power takes the interval under way at most.
   */
  tick(): void;
  /** The customer presses the button of the service switch, to close it. Answers why that is refused; `line-dead` too for a meter without switch. */
  pressButton(): CloseRefusal | undefined;
  /** The outgoing port: what is to be told at once. */
  readonly reports: ReportPort;
  /** What a person in front of the meter would see and a client does not. */
  inspect(): MeterInspection;
}

export interface MeterInspection {
  /** Why table 3 says CONFIGURATION_ERROR; empty where it does not. */
  readonly problems: readonly string[];
  readonly unprogrammed: boolean;
  readonly clockIsSet: boolean;
  readonly lockout: LockoutState;
  /** False in an outage of its line. */
  readonly powered: boolean;
  /** Version of the firmware that runs, as it says itself; undefined where none can. */
  readonly firmware: { readonly version: number; readonly revision: number } | undefined;
  /** Why table 3 says MEASUREMENT_ERROR. */
  readonly firmwareFault: FirmwareFault | undefined;
  /** The service switch as it stands; undefined in a model without one. */
  readonly serviceSwitch: { readonly closed: boolean; readonly openedBy: OpeningReason | null; readonly reducing: boolean; readonly problem: string | undefined } | undefined;
}

/** Throws `bad-passwords` and, for a serial number that does not fit, `bad-model`. */
export function createMeter(model: MeterModel, setup: MeterSetup): Meter {
  const line = setup.line ?? syntheticLine(model, setup.serial);
  const images = ownImages(model, setup);
  const { memory, clock, firmware, trust } = setup;
  const board = new Board(model, images, {
    line, memory, clock, firmware, trust,
    flash: setup.flash ?? new FlashChip(model.flash.kind, memory.pages),
    faults: new FaultInjection(setup.faults ?? {}),
    provocations: setup.provocations ?? new Provocations(),
  });
  return {
    serial: setup.serial,
    deviceType: model.deviceType,
    device: (hangUp = () => {}) => new SessionDevice(board, hangUp),
    switchOff: () => board.pace.stop(),
    tick: () => board.tick(),
    pressButton: () => (board.serviceSwitch ? board.serviceSwitch.press() : "line-dead"),
    reports: board.diagnosis.reports,
    inspect() {
      const { powered, firmware } = board.metering;
      return { ...board.configuration.status, clockIsSet: board.clock.isSet, lockout: board.lockout.state, powered, firmware: firmware.version, firmwareFault: firmware.fault, serviceSwitch: board.serviceSwitch?.inspection };
    },
  };
}

/** What a meter is connected to where nothing else is said. SYNTHETIC. */
export function syntheticLine({ syntheticLoad }: MeterModel, serial: string): Line {
  if ("pulsesAnHour" in syntheticLoad) return syntheticPulses(serial, syntheticLoad.pulsesAnHour);
  return syntheticHousehold(serial, { scale: syntheticLoad.scale }, syntheticLoad.phases === 3 ? commercialService : householdService);
}

/** The model's tables with what makes this meter itself: serial number and passwords. */
function ownImages(model: MeterModel, { serial, passwords }: MeterSetup): Map<TableId, Uint8Array> {
  const images = new Map(model.images);
  const fits = /^[\x21-\x7e]{1,16}$/.test(serial);
  if (!fits) throw new MeterError("misuse", "bad-model", `A serial number has 1 to 16 visible ASCII characters; this has ${serial.length}.`, { field: "serial" });
  for (const [table, path] of [[1, "MFG_SERIAL_NUMBER"], [5, "IDENTIFICATION"]] as const) {
    const image = images.get(table)?.slice();
    const leaf = model.context.layout(table).find(path);
    if (!image || !leaf) continue;
    leaf.codec.write(image, leaf.offset, serial);
    images.set(table, image);
  }
  const security = images.get(42);
  const secured = security && withPasswords(model.context, security, passwords);
  if (!secured) throw new MeterError("misuse", "bad-passwords", `${model.deviceType} takes ${model.levels.length} passwords (${model.levels.join(", ")}), none blank, none longer than its field.`, { expected: model.levels.length, actual: passwords.length });
  return images.set(42, secured);
}
