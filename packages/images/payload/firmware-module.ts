import { badImage } from "../images-error.ts";

/** WebAssembly core specification 2.0 §5.5.16: `\0asm` and version 1. */
const preamble = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/** Refuses what is no WebAssembly module at the first look; whether it is valid, its engine says. Throws `bad-image`. */
export function checkFirmwareModule(payload: Uint8Array): void {
  if (preamble.some((octet, at) => payload[at] !== octet)) throw badImage("firmware", "no WebAssembly module of version 1");
}
