import { Sign1Form } from "@metersmith/base/cose-sign1";
import { refusals } from "../cbor-reader.ts";

/** COSE_Sign1 over a manifest. Throws `bad-image`, `too-large`. */
export const signedManifests = new Sign1Form({ purpose: "metersmith image 1", largest: 320, place: "signed manifest", payload: "manifest", refuse: refusals });
