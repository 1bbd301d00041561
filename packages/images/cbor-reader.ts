import { decodeDeterministicCbor } from "@metersmith/base/cbor";
import { badImage, ImagesError } from "./images-error.ts";

/** Decodes one item of at most `limit` octets. Throws `too-large`, `bad-image`. */
export function readCbor(bytes: Uint8Array, place: string, limit: number): unknown {
  if (bytes.length > limit) {
    throw new ImagesError("peer-data", "too-large", `${place}: ${bytes.length} octets, at most ${limit} are taken.`, { place, expected: limit, actual: bytes.length });
  }
  try {
    return decodeDeterministicCbor(bytes);
  } catch (error) {
    throw badImage(place, error instanceof Error ? error.message : "not CBOR", error);
  }
}

export function array(value: unknown, place: string, length?: number): readonly unknown[] {
  if (!Array.isArray(value)) throw badImage(place, "expected an array");
  if (length !== undefined && value.length !== length) throw badImage(place, `expected ${length} elements, found ${value.length}`);
  return value;
}

export function octets(value: unknown, place: string, length?: number): Uint8Array {
  if (!(value instanceof Uint8Array)) throw badImage(place, "expected octets");
  if (length !== undefined && value.length !== length) throw badImage(place, `expected ${length} octets, found ${value.length}`);
  return value;
}

export function unsigned(value: unknown, place: string, least: number, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value)) throw badImage(place, "expected a whole number");
  if (value < least || value > most) throw badImage(place, `expected ${least} to ${most}, found ${value}`);
  return value;
}

export function text(value: unknown, place: string, form: RegExp): string {
  if (typeof value !== "string") throw badImage(place, "expected a text");
  if (!form.test(value)) throw badImage(place, `${JSON.stringify(value.slice(0, 40))} is not of the form ${form.source}`);
  return value;
}

/** A map whose keys are all among those named. */
export function fields(value: unknown, place: string, known: readonly number[]): ReadonlyMap<number, unknown> {
  if (!(value instanceof Map)) throw badImage(place, "expected a map");
  for (const key of value.keys()) {
    if (!known.includes(key as number)) throw badImage(place, `field ${String(key).slice(0, 20)} is not known; what is not understood is not applied`);
  }
  return value as ReadonlyMap<number, unknown>;
}
