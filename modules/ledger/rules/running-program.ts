import type { Build, DeviceType } from "@metersmith/programs";

type Images = ReadonlyMap<number, Uint8Array>;

/** What a meter says of its program: the beginning of the build's digest, lowercase hexadecimal; undefined where it carries none. */
export function buildMarkIn(deviceType: DeviceType, images: Images): string | undefined {
  for (const rule of deviceType.files.mapping.rules) {
    if (rule.use !== "build-mark") continue;
    const bytes = images.get(rule.table);
    const mark = bytes && deviceType.context.decode(rule.table, bytes).get(rule.field);
    if (typeof mark === "string" && /^[0-9a-f]{8,64}$/.test(mark)) return mark;
  }
  return undefined;
}

/** Whether a meter's tables are a build's, bit by bit under its masks. A mark alone proves nothing: it is one field among many. */
export function runsBuild(build: Build, images: Images): boolean {
  return build.writes.every(({ table, bytes, mask }) => {
    const found = images.get(table);
    return found?.length === bytes.length && bytes.every((octet, index) => (((found[index] ?? 0) ^ octet) & (mask[index] ?? 0)) === 0);
  });
}
