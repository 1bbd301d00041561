import { fromHex } from "@metersmith/base/bytes";

/**
 * Firmware 3.0, which keeps to the interface and counts nothing, so that it fails the health check. Assembled from `(func (export "measure") (param $steps i32) (result i32)
 * (local.get $steps))` with the exports that firmware has; a test assembles it again.
 */
export const faultyFirmware: Uint8Array = fromHex(
  "0061736d0100000001060160017f017f02110105626f617264066d656d6f7279020001030201000611037f0041010b7f004180060b7f0041100b0729040361626903000776657273696f6e03010b73746174654c656e6774680302076d65617375726500000a0601040020000b",
);
