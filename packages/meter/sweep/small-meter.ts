import { digestOf } from "@metersmith/base/digest";
import { verifyImage, type EpochSeconds, type VerifiedImage } from "@metersmith/images";
import { TableMemory } from "../banks/table-memory.ts";
import { checkMetrology } from "../firmware/health-check.ts";
import { inThreadRunner } from "../firmware/in-thread-runner.ts";
import { regionsOf, type FlashLayout } from "../flash/flash-layout.ts";
import type { Flash } from "../flash/flash.ts";
import type { MeterModel } from "../meter-model.ts";
import { boardUpdate } from "../update/board-update.ts";
import { MeterUpdate } from "../update/meter-update.ts";
import type { UpdateLimits } from "../update/update-board.ts";
import type { UpdateRefusal } from "../update/update-refusal.ts";
import { keys, smallNow } from "./small-images.ts";
import { smallFactory, smallLayout } from "./small-layout.ts";

export interface SmallMeterOptions {
  readonly now?: EpochSeconds;
  readonly limits?: UpdateLimits;
  readonly layout?: FlashLayout;
  /** A program's procedure is about to run. */
  readonly ran?: (procedure: number) => void;
}

const runner = inThreadRunner();
const verified = new Map<string, VerifiedImage>();

/** A signature costs more than all else, and a sweep asks for the same ones again and again. */
function verifiedOnce(image: Uint8Array, now: EpochSeconds | undefined): VerifiedImage {
  const key = `${digestOf(image)} ${now}`;
  const known = verified.get(key) ?? verifyImage(image, keys, now);
  verified.set(key, known);
  return known;
}

/**
 * Configuration and updates of a board and nothing else: what a sweep can switch on a hundred thousand times. Firmware is really loaded and checked. Procedure 3
 * completes and procedure 9 does not.
 */
export class SmallMeter {
  readonly tables: TableMemory;
  readonly update: MeterUpdate;
  now: EpochSeconds | undefined;

  constructor(model: MeterModel, flash: Flash, { now = smallNow, limits, layout = smallLayout, ran = () => {} }: SmallMeterOptions = {}) {
    this.now = now;
    this.tables = new TableMemory(regionsOf(flash, layout.banks), model.images);
    const board = boardUpdate({
      deviceType: "rx-2s", context: model.context, stored: this.tables, runner, trust: { keys },
      now: () => this.now,
      read: (table) => this.tables.image(table),
      isWritten: (table) => model.context.has(table) && model.context.writable(table),
      isRun: (procedure) => procedure === 3 || procedure === 9,
      selfTest: (module) => checkMetrology(runner, module)?.what,
      fillBank: (images, program) => this.tables.fill(images, program),
      run(procedure) {
        ran(procedure);
        return procedure === 3;
      },
    });
    this.update = new MeterUpdate(flash, layout, { ...board, verify: verifiedOnce }, smallFactory.modules, ...(limits ? [limits] : []));
    this.update.start();
  }

  get version(): number | undefined {
    return this.update.firmware?.version;
  }

  /** A whole image, and verified. */
  receive(image: Uint8Array): UpdateRefusal | undefined {
    return this.update.begin(image.length) ?? this.send(image) ?? this.update.verify();
  }

  /** Unit by unit. */
  send(image: Uint8Array): UpdateRefusal | undefined {
    for (let at = 0; at < image.length; at += 64) {
      const refusal = this.update.write(at, image.subarray(at, at + 64));
      if (refusal) return refusal;
    }
    return undefined;
  }
}
