import { CborItems } from "@metersmith/base/cbor-items";
import { Sign1Form } from "@metersmith/base/cose-sign1";
import { refusals } from "./archive-error.ts";

/** Octets of a whole archive. The largest type of this repository has about 40 KiB. */
export const largestArchive = 512 * 1024;
/** Of values in a file: the trees of `factory.json` go to 8. */
export const deepestValue = 24;

export const items = new CborItems(refusals);

/** COSE_Sign1 over the map of a device type's files. */
export const signedArchives = new Sign1Form({ purpose: "metersmith device type 1", largest: largestArchive, place: "archive", payload: "contents", refuse: refusals });
