import { fromHex } from "@metersmith/base/bytes";
import file from "./vectors.json" with { type: "json" };

/** Made by `make_vectors.py` beside this file, with other people's CBOR, Ed25519 and COSE. */
export const vectors = file;

/** RFC 8032 §7.1, tests 1 and 2. */
export const secretKeys = [
  fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
  fromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
] as const;
