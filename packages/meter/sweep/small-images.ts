import { buildImage, keySigner, publicKeyOf, Trust, type EpochSeconds, type ImageDraft } from "@metersmith/images";
import type { TableId } from "@metersmith/tables";
import { version2 } from "../firmware/images.generated.ts";
import type { MeterModel } from "../meter-model.ts";

const secretKey = Uint8Array.from({ length: 32 }, (_, at) => 7 * at + 1);

/** Who signs them. */
export const keys = new Trust([{ publicKey: publicKeyOf(secretKey), kinds: ["program", "firmware"] }]);

/** 2026-11-25. */
export const smallNow: EpochSeconds = 1_795_600_000;

const every = { least: { version: 0, revision: 0 }, most: { version: 255, revision: 255 } };
const draft = { deviceType: "rx-2s", hardware: every, firmware: every, id: "metrology", version: 0x0200, counter: 2, expiry: smallNow + 30 * 86_400, pageSize: 1024 } as const;

/** Firmware of version 2 for rx-2s, unless changed. */
export function smallFirmware(change: Partial<ImageDraft> = {}, module = version2): Promise<Uint8Array> {
  return buildImage({ ...draft, content: { kind: "firmware", module }, ...change }, keySigner(secretKey));
}

/** A program that writes tables 12 and 13, each octet `octet`, and runs `procedures`; version and counter are the octet. */
export function smallProgram(model: MeterModel, octet: number, change: Partial<ImageDraft> = {}, procedures: readonly number[] = [3]): Promise<Uint8Array> {
  const steps = [
    ...programTables.map((table) => ({ do: "write", table, bytes: filled(model, table, octet), mask: filled(model, table, 0xff) }) as const),
    ...procedures.map((procedure) => ({ do: "procedure", procedure, parameter: new Uint8Array() }) as const),
  ];
  return buildImage({ ...draft, id: "TOU", version: octet, counter: octet, content: { kind: "program", steps }, ...change }, keySigner(secretKey));
}

/** What such a program writes. */
export const programTables: readonly TableId[] = [12, 13];

export function filled({ images }: MeterModel, table: TableId, octet: number): Uint8Array {
  return new Uint8Array(images.get(table)?.length ?? 0).fill(octet);
}
