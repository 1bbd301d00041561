import type { Digest } from "@metersmith/base/digest";
import { Fields } from "../metadata/fields.ts";
import type { TargetFile } from "../metadata/targets.ts";
import { TrustError } from "../trust-error.ts";
import { readDescription, readDirective, type Description, type Directive } from "./directive.ts";

/** An image as it is at hand: its octets, and what its own signed manifest says. */
export interface ImageAtHand {
  readonly length: number;
  readonly digest: Digest;
  readonly deviceType: string;
  readonly counter: number;
}

export interface MeterAtHand {
  readonly serial: string;
  readonly deviceType: string;
}

/** Who refused: the manufacturer's repository, which lists images, or the utility's director, which says what is meant for which meters. */
export type Wall = "repository" | "director";

export interface WallRefusal {
  readonly wall: Wall;
  readonly code: "unlisted" | "bad-description" | "length" | "digest" | "device-type" | "counter" | "meter";
  readonly reason: string;
}

/**
 * Whether an image may go to a meter by both walls (the split of Uptane): the manufacturer's repository lists exactly this image, and the utility's director
 * means exactly this image for this meter. Every reason against it; empty = both agree. The targets are those that verified metadata list under the image's
 * path, undefined where they list none. Keys stolen from one side alone move only that side's wall.
 */
export function agreementRefusals(image: ImageAtHand, meter: MeterAtHand, sides: { readonly repository: TargetFile | undefined; readonly director: TargetFile | undefined }): readonly WallRefusal[] {
  const refusals = [
    ...wallRefusals("repository", sides.repository, readDescription, image),
    ...wallRefusals("director", sides.director, readDirective, image),
  ];
  if (sides.director) refusals.push(...meterRefusals(sides.director, meter));
  return refusals;
}

function wallRefusals(wall: Wall, target: TargetFile | undefined, read: (fields: Fields) => Description, image: ImageAtHand): WallRefusal[] {
  if (!target) return [{ wall, code: "unlisted", reason: wall === "repository" ? "the manufacturer's repository lists no such image" : "the utility means no such image for any meter" }];
  const refusals: WallRefusal[] = [];
  const refuse = (code: WallRefusal["code"], reason: string): void => void refusals.push({ wall, code, reason });
  if (target.length !== image.length) refuse("length", `it lists ${target.length} octets, the image has ${image.length}`);
  if (target.digest !== image.digest) refuse("digest", "it lists other content under this path");
  const description = described(target, read);
  if (typeof description === "string") refuse("bad-description", description);
  else {
    if (description.deviceType !== image.deviceType) refuse("device-type", `it lists an image for ${description.deviceType}, this one is for ${image.deviceType}`);
    if (description.counter !== image.counter) refuse("counter", `it lists counter ${description.counter}, the image has ${image.counter}`);
  }
  return refusals;
}

function meterRefusals(target: TargetFile, meter: MeterAtHand): WallRefusal[] {
  const directive = described(target, readDirective);
  if (typeof directive === "string") return [];
  const refusals: WallRefusal[] = [];
  if (directive.deviceType !== meter.deviceType) refusals.push({ wall: "director", code: "device-type", reason: `it is meant for meters of type ${directive.deviceType}, this one is ${meter.deviceType}` });
  if (!isMeant(directive, meter.serial)) refusals.push({ wall: "director", code: "meter", reason: `it is not meant for meter ${meter.serial}` });
  return refusals;
}

/** Serials are compared as texts of the same length: ranges do not run from "9" to "10". */
function isMeant({ meters }: Directive, serial: string): boolean {
  if (meters === "all") return true;
  return meters.some(({ least, most }) => serial.length === least.length && least <= serial && serial <= most);
}

/** Or why it cannot be understood: what is not understood is not applied. */
function described<T>({ custom, path }: TargetFile, read: (fields: Fields) => T): T | string {
  try {
    return read(Fields.of(custom, path));
  } catch (error) {
    if (error instanceof TrustError) return error.message;
    throw error;
  }
}
