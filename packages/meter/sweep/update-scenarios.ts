import { equalBytes } from "@metersmith/base/bytes";
import { version1, version2 } from "../firmware/images.generated.ts";
import { FlashChip, type FlashKind } from "../flash/flash-chip.ts";
import type { FlashLayout } from "../flash/flash-layout.ts";
import type { Flash } from "../flash/flash.ts";
import type { MeterModel } from "../meter-model.ts";
import { faultyFirmware } from "./faulty-firmware.ts";
import { filled, programTables, smallFirmware, smallProgram } from "./small-images.ts";
import { smallFactory, smallLayout } from "./small-layout.ts";
import { SmallMeter } from "./small-meter.ts";

/** What the head-end has asked for, and been told. */
export interface Asked {
  /** Activation was asked for: from here on new is allowed. */
  readonly activated: boolean;
  /** The end (confirmation, reversal) was asked for. */
  readonly ending: boolean;
  /** The meter has said that it ended so: this stays. */
  readonly ended: boolean;
  /** Procedures of the program that were run. */
  readonly ran: number;
}

export const nothingAsked: Asked = { activated: false, ending: false, ended: false, ran: 0 };

/** One way of an update, from beginning to end. */
export interface UpdateScenario {
  readonly name: string;
  readonly start: FlashChip;
  /** One power-up and what follows, until the update has ended as it should. Throws where the meter is neither as before nor as after, whole, or does not finish. */
  readonly live: (flash: Flash, asked: Asked, tell: (asked: Asked) => void, chip: FlashChip) => void;
}

/** Where it is tried: the small device, or one of full size and a module that fills it. */
export interface UpdateGround {
  readonly kind: FlashKind;
  readonly layout: FlashLayout;
  /** Behind the module, as a custom section. */
  readonly padding: number;
}

export const smallGround: UpdateGround = { kind: smallFactory.kind, layout: smallLayout, padding: 0 };

const before = { version: 0x0100, octet: 0x21 };
const after = { version: 0x0200, octet: 0x22 };
/** Commands until it must have finished, starts that end a trial among them. */
const mostCommands = 12;

/** A module that is so many octets longer and does the same. */
export function padded(module: Uint8Array, octets: number): Uint8Array {
  if (octets === 0) return module;
  const section = Uint8Array.from({ length: octets }, (_, at) => (at * 31) % 251);
  // Custom section 0: its length as LEB128, a name of one letter, octets.
  const length = octets + 2;
  return Uint8Array.of(...module, 0, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, (length >> 14) & 0x7f, 1, 0x78, ...section);
}

/** A device that has lived: every area was written before, configuration, firmware and buffer are not the factory's. */
async function lived(model: MeterModel, { kind, layout, padding }: UpdateGround): Promise<FlashChip> {
  // Nothing is shared: looking for equal pages of other devices takes most of the time, and there is none.
  const { geometry, factory, blank } = kind;
  const chip = new FlashChip({ geometry, factory, blank });
  const meter = new SmallMeter(model, chip, { layout });
  const images = [await smallProgram(model, before.octet), await smallFirmware({ version: before.version, counter: 1 }, padded(version1, padding))];
  for (const image of images) {
    must(meter.receive(image), "receive");
    must(meter.update.activate(), "activate");
    if (meter.update.state.phase === "trial") must(meter.update.confirm(), "confirm");
  }
  for (let change = 0; change < 3; change++) if (!meter.tables.write(6, change, Uint8Array.of(change))) throw new Error("a table write was refused");
  return chip;
}

/** Every way an update of firmware or of a program goes. */
export async function updateScenarios(model: MeterModel, ground = smallGround): Promise<readonly UpdateScenario[]> {
  const start = await lived(model, ground);
  const good = await smallFirmware({}, padded(version2, ground.padding));
  const bad = await smallFirmware({ version: 0x0300 }, padded(faultyFirmware, ground.padding));
  const program = await smallProgram(model, after.octet);
  const modules: Modules = new Map([[before.version, padded(version1, ground.padding)], [after.version, padded(version2, ground.padding)]]);
  const scenario = (name: string, image: Uint8Array, end: Ending): UpdateScenario => ({ name, start, live: (...life) => live({ model, layout: ground.layout, modules, image, end }, ...life) });
  return [scenario("firmware, confirmed", good, "confirm"), scenario("firmware, reverted", good, "revert"), scenario("firmware that fails its check", bad, "fail"), scenario("program", program, "apply")];
}

type Ending = "confirm" | "revert" | "fail" | "apply";

/** Firmware by version, as it must run. */
type Modules = ReadonlyMap<number, Uint8Array>;

interface Course {
  readonly model: MeterModel;
  readonly layout: FlashLayout;
  readonly modules: Modules;
  readonly image: Uint8Array;
  readonly end: Ending;
}

function live({ model, layout, modules, image, end }: Course, ...[flash, known, tell, chip]: Parameters<UpdateScenario["live"]>): void {
  let asked = known;
  const say = (news: Partial<Asked>): void => tell((asked = { ...asked, ...news }));
  const meter = new SmallMeter(model, flash, { layout, ran: () => say({ ran: asked.ran + 1 }) });
  for (let commands = 0; commands < mostCommands; commands++) {
    checkWhole(model, meter, modules, end, asked);
    const { phase, outcome } = meter.update.state;
    if (phase === "idle" && asked.activated && outcome.code === outcomeOf[end]) say({ ended: true });
    if (phase === "idle" && asked.ended) return checkAfter(model, layout, meter, chip);
    switch (phase) {
      case "idle": must(meter.update.begin(image.length), "begin"); break;
      case "receiving":
        must(meter.send(image), "send");
        must(meter.update.verify(), "verify");
        break;
      case "verified":
        say({ activated: true });
        mustBe(meter.update.activate()?.code, end === "fail" ? "self-test" : undefined, "activate");
        break;
      case "trial":
        if (!meter.update.passed) throw new Error("on trial without having passed its check");
        say({ ending: true });
        must(end === "revert" ? meter.update.revert() : meter.update.confirm(), end);
        say({ ended: true });
        break;
      default: throw new Error(`started, and is ${phase}`);
    }
  }
  throw new Error(`does not finish: ${meter.update.state.phase}, ${meter.update.state.outcome.code}`);
}

const outcomeOf = { confirm: "done", revert: "reverted", fail: "self-test", apply: "done" } as const satisfies Record<Ending, string>;

/** Old or new, whole, and only what may be. */
function checkWhole(model: MeterModel, meter: SmallMeter, modules: Modules, end: Ending, asked: Asked): void {
  const { version = -1 } = meter;
  const module = modules.get(version);
  if (!module || !equalBytes(meter.update.active, module)) throw new Error(`runs version ${version}, which is neither old nor new and whole`);
  const isNew = version === after.version;
  if (isNew && (end === "fail" || end === "apply" || !asked.activated)) throw new Error("runs the new firmware without anybody having asked for it");
  if (asked.ended && isNew !== (end === "confirm")) throw new Error(`runs ${isNew ? "the new" : "the old"} firmware after ${end}`);
  const octets = programTables.map((table) => {
    const octet = meter.tables.image(table)?.[0] ?? -1;
    if (!equalBytes(meter.tables.image(table) ?? new Uint8Array(), filled(model, table, octet))) throw new Error(`table ${table} is mixed`);
    return octet;
  });
  const expected = end === "apply" && asked.activated ? [before.octet, after.octet] : [before.octet];
  if (new Set(octets).size !== 1 || !expected.includes(octets[0] ?? -1)) throw new Error(`tables of ${octets.join(" and ")}`);
  if (end === "apply" && asked.ended && octets[0] !== after.octet) throw new Error("the program is gone after it was applied");
  if (!equalBytes(meter.tables.image(6)?.slice(0, 3) ?? new Uint8Array(), Uint8Array.of(0, 1, 2))) throw new Error("a table that no update writes has changed");
  if (asked.ran > 1) throw new Error(`a procedure ran ${asked.ran} times`);
  const { counters } = meter.update.state;
  const least = { firmware: end === "confirm" && asked.ended ? 2 : 1, program: end === "apply" && asked.ended ? after.octet : before.octet };
  if (counters.firmware < least.firmware || counters.program < least.program) throw new Error(`counters fell to ${counters.firmware} and ${counters.program}`);
  if (meter.update.memoryFailed || meter.tables.damaged) throw new Error("memory is reported as failed");
}

/** A further start finds the same and does nothing. */
function checkAfter(model: MeterModel, layout: FlashLayout, meter: SmallMeter, chip: FlashChip): void {
  const again = new SmallMeter(model, chip.fork(), { layout });
  mustBe(again.version, meter.version, "version at the next start");
  mustBe(again.update.state.phase, "idle", "phase at the next start");
}

function must(refusal: { readonly code: string; readonly reason: string } | undefined, what: string): void {
  if (refusal) throw new Error(`${what} was refused: ${refusal.code}, ${refusal.reason}`);
}

function mustBe(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`${what}: ${String(actual)} where ${String(expected)} was expected`);
}
