import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)];

/** The compressed forms of a metadata file that servers give to whoever takes them. */
export async function siblings(octets: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: octets.length };
  const [br, gz] = await Promise.all([brotli(octets, { params }), zip(octets, { level: constants.Z_BEST_COMPRESSION })]);
  return new Map([[".br", new Uint8Array(br)], [".gz", new Uint8Array(gz)]]);
}
