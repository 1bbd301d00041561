import { digestOf } from "@metersmith/base/digest";
import { buildImage, keySigner, publicKeyOf, Trust, verifyImage, type EpochSeconds, type ImageDraft, type VerifiedImage } from "@metersmith/images";
import type { TableId } from "@metersmith/tables";
import { TableMemory } from "../banks/table-memory.ts";
import { version1, version2 } from "../firmware/images.generated.ts";
import { inThreadRunner } from "../firmware/in-thread-runner.ts";
import { checkMetrology } from "../firmware/health-check.ts";
import type { FlashLayout } from "../flash/flash-layout.ts";
import { regionsOf } from "../flash/flash-layout.ts";
import type { Flash } from "../flash/flash.ts";
import { boardUpdate } from "../update/board-update.ts";
import { factoryFlash } from "../update/factory-flash.ts";
import { MeterUpdate } from "../update/meter-update.ts";
import type { UpdateLimits } from "../update/update-board.ts";
import type { UpdateRefusal } from "../update/update-refusal.ts";
import { models } from "./bench.ts";
import { smallGeometry } from "./small-flash.ts";

/** Of its 8 pages one for everything, two for what is there twice. */
export const smallLayout: FlashLayout = {
  geometry: smallGeometry,
  state: [{ first: 1, pages: 1 }, { first: 2, pages: 1 }],
  banks: [{ first: 3, pages: 1 }, { first: 4, pages: 1 }],
  program: { first: 5, pages: 1 },
  reserve: { first: 6, pages: 1 },
  buffer: { first: 7, pages: 1 },
};

export const smallFactory = factoryFlash(smallLayout, { id: "metrology", version: 0x0100, module: version1 });

const model = models["rx-2s"];
const runner = inThreadRunner();
const secretKey = Uint8Array.from({ length: 32 }, (_, at) => 7 * at + 1);
export const keys = new Trust([{ publicKey: publicKeyOf(secretKey), kinds: ["program", "firmware"] }]);
const verified = new Map<string, VerifiedImage>();

/** 2026-11-25. */
export const smallNow: EpochSeconds = 1_795_600_000;
const everyFirmware = { least: { version: 0, revision: 0 }, most: { version: 255, revision: 255 } };

const draft = { deviceType: "rx-2s", hardware: { least: { version: 1, revision: 0 }, most: { version: 1, revision: 255 } }, firmware: everyFirmware, id: "metrology", version: 0x0200, counter: 2, expiry: smallNow + 30 * 86_400, pageSize: 1024 } as const;

/** Firmware of version 2 for this meter, unless changed. */
export function smallFirmware(change: Partial<ImageDraft> = {}, module = version2): Promise<Uint8Array> {
  return buildImage({ ...draft, content: { kind: "firmware", module }, ...change }, keySigner(secretKey));
}

/** A program that writes tables 12 and 13, each octet `octet`, and runs `procedures`; version and counter are the octet. */
export function smallProgram(octet: number, change: Partial<ImageDraft> = {}, procedures: readonly number[] = [3]): Promise<Uint8Array> {
  const steps = [
    ...([12, 13] as const).map((table) => ({ do: "write", table, bytes: filled(table, octet), mask: filled(table, 0xff) }) as const),
    ...procedures.map((procedure) => ({ do: "procedure", procedure, parameter: new Uint8Array() }) as const),
  ];
  return buildImage({ ...draft, id: "TOU", version: octet, counter: octet, content: { kind: "program", steps }, ...change }, keySigner(secretKey));
}

export function filled(table: TableId, octet: number): Uint8Array {
  return new Uint8Array(model.images.get(table)?.length ?? 0).fill(octet);
}

/** Configuration and updates of a board and nothing else: what a sweep can switch on ten thousand times. */
export class SmallMeter {
  readonly tables: TableMemory;
  readonly update: MeterUpdate;
  /** Procedures that programs have run since the start. */
  readonly ran: number[] = [];
  now: EpochSeconds | undefined;

  constructor(flash: Flash, { now = smallNow, limits, layout = smallLayout }: { now?: EpochSeconds | undefined; limits?: UpdateLimits; layout?: FlashLayout } = {}) {
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
      run: (procedure) => this.ran.push(procedure) > 0 && procedure !== 9,
    });
    // A signature costs more than all else, and a sweep asks for the same ones again and again.
    const verify = (image: Uint8Array, at: EpochSeconds | undefined): VerifiedImage => {
      const key = `${digestOf(image)} ${at}`;
      const known = verified.get(key) ?? verifyImage(image, keys, at);
      verified.set(key, known);
      return known;
    };
    this.update = new MeterUpdate(flash, layout, { ...board, verify }, smallFactory.modules, ...(limits ? [limits] : []));
    this.update.start();
  }

  get version(): number | undefined {
    return this.update.firmware?.version;
  }

  /** Whole images in 64 octets at a time, and verified. */
  receive(image: Uint8Array): UpdateRefusal | undefined {
    const begun = this.update.begin(image.length);
    return begun ?? this.send(image) ?? this.update.verify();
  }

  send(image: Uint8Array): UpdateRefusal | undefined {
    for (let at = 0; at < image.length; at += 64) {
      const refusal = this.update.write(at, image.subarray(at, at + 64));
      if (refusal) return refusal;
    }
    return undefined;
  }
}
