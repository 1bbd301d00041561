import { fromHex } from "@metersmith/base/bytes";
import file from "./vectors.json" with { type: "json" };

/** Made by `make_vectors.py` beside this file, with other people's CBOR, Ed25519 and COSE. */
export const vectors = file;

/** RFC 8032 §7.1, test 1. */
export const secretKey = fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
