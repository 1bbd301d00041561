import { CborItems, type CborRefusals } from "@metersmith/base/cbor-items";
import { badImage, ImagesError } from "./images-error.ts";

/** What is not of the form is refused as `bad-image` or `too-large`. */
export const refusals: CborRefusals = {
  bad: badImage,
  tooLarge: (place, octets, most) => new ImagesError("peer-data", "too-large", `${place}: ${octets} octets, at most ${most} are taken.`, { place, expected: most, actual: octets }),
};

export const items = new CborItems(refusals);
