import { encodeCbor } from "@metersmith/base/cbor";
import { items } from "../cbor-reader.ts";
import { badImage } from "../images-error.ts";
import { digestLength, largestPage, largestPayload, smallestPage, type ImageKind, type Manifest } from "./manifest.ts";
import { releaseNumber, releaseOf, type ReleaseRange } from "./release.ts";

/** Keys of the map, in the order of the format page. */
const key = {
  kind: 1, deviceType: 2, hardware: 3, firmware: 4, id: 5, version: 6, counter: 7, activation: 8, expiry: 9, audience: 10, test: 11, size: 12, pageSize: 13, root: 14,
} as const;

const kinds: ReadonlyMap<unknown, ImageKind> = new Map([[1, "program"], [2, "firmware"]]);
const deviceTypeForm = /^[a-z0-9][a-z0-9-]{0,15}$/;
const idForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,23}$/;
const audienceForm = /^[a-z0-9][a-z0-9-]{0,15}$/;
const u16 = 0xffff;
const u32 = 0xffff_ffff;
/** Every manifest is shorter; see docs/reference/images.md for the worst case. */
const largest = 192;

export function encodeManifest(manifest: Manifest): Uint8Array {
  const range = ({ least, most }: ReleaseRange): number[] => [releaseNumber(least), releaseNumber(most)];
  const entries: [number, unknown][] = [
    [key.kind, manifest.kind === "program" ? 1 : 2],
    [key.deviceType, manifest.deviceType],
    [key.hardware, range(manifest.hardware)],
    [key.firmware, range(manifest.firmware)],
    [key.id, manifest.id],
    [key.version, manifest.version],
    [key.counter, manifest.counter],
    [key.activation, manifest.activation],
    [key.expiry, manifest.expiry],
    [key.audience, manifest.audience],
    [key.test, manifest.test ? true : undefined],
    [key.size, manifest.size],
    [key.pageSize, manifest.pageSize],
    [key.root, manifest.root],
  ];
  return encodeCbor(new Map(entries.filter(([, value]) => value !== undefined)));
}

/** Throws `bad-image`, `too-large`. */
export function decodeManifest(bytes: Uint8Array): Manifest {
  const map = items.fields(items.read(bytes, "manifest", largest), "manifest", Object.values(key));
  const number = (name: keyof typeof key, least: number, most: number): number => items.unsigned(map.get(key[name]), `manifest ${name}`, least, most);
  const kind = kinds.get(map.get(key.kind));
  if (!kind) throw badImage("manifest kind", "expected 1 (program) or 2 (firmware)");
  if (map.has(key.test) && map.get(key.test) !== true) throw badImage("manifest test", "true or absent");
  const pageSize = number("pageSize", smallestPage, largestPage);
  if ((pageSize & (pageSize - 1)) !== 0) throw badImage("manifest pageSize", `${pageSize} is no power of two`);
  const expiry = number("expiry", 1, u32);
  const activation = map.has(key.activation) ? number("activation", 0, u32) : undefined;
  if (activation !== undefined && activation >= expiry) throw badImage("manifest activation", "not before the expiry");
  return {
    kind,
    deviceType: items.text(map.get(key.deviceType), "manifest deviceType", deviceTypeForm),
    hardware: range(map.get(key.hardware), "manifest hardware"),
    firmware: range(map.get(key.firmware), "manifest firmware"),
    id: items.text(map.get(key.id), "manifest id", idForm),
    version: number("version", 0, kind === "firmware" ? u16 : u32),
    counter: number("counter", 0, u32),
    ...(activation === undefined ? {} : { activation }),
    expiry,
    ...(map.has(key.audience) ? { audience: items.text(map.get(key.audience), "manifest audience", audienceForm) } : {}),
    test: map.has(key.test),
    size: number("size", 1, largestPayload),
    pageSize,
    root: items.octets(map.get(key.root), "manifest root", digestLength),
  };
}

function range(value: unknown, place: string): ReleaseRange {
  const [least, most] = items.array(value, place, 2).map((one) => items.unsigned(one, place, 0, u16)) as [number, number];
  if (least > most) throw badImage(place, "the least is above the most");
  return { least: releaseOf(least), most: releaseOf(most) };
}
