import { publicKeyOf, sign } from "@metersmith/base/ed25519";
import { ManufacturerTrust } from "../archive/manufacturer-trust.ts";
import { packDeviceType, type ArchiveSigner } from "../archive/pack.ts";
import { deviceTypeFiles } from "./plug-ins.ts";

const secretKey = Uint8Array.from({ length: 32 }, (_, at) => at + 1);

/** Signs for the demonstration's manufacturer, MSMT. */
export const maker: ArchiveSigner = { publicKey: publicKeyOf(secretKey), sign: (message) => sign(message, secretKey) };
export const trust = new ManufacturerTrust([{ code: "MSMT", name: "Metersmith demonstration meters (fictitious)", publicKey: maker.publicKey }]);
/** Seconds since 1970. */
export const now = 1_790_000_000;

type Json = Record<string, unknown>;

/** The files of a type of this repository with one of them edited. */
export function edited(id: string, file: string, edit: (json: Json) => void): Map<string, string> {
  const files = deviceTypeFiles(id);
  const json = JSON.parse(files.get(file) ?? "{}") as Json;
  edit(json);
  return files.set(file, JSON.stringify(json));
}

export function archiveOf(id: string): Promise<Uint8Array> {
  return packDeviceType(deviceTypeFiles(id), maker);
}
