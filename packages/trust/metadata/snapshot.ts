import type { Digest } from "@metersmith/base/digest";
import { refused } from "../trust-error.ts";
import type { Json } from "./canonical-json.ts";
import { commonJson, readCommon, type Common } from "./common-fields.ts";
import { Fields } from "./fields.ts";

const mostRoles = 65_536;
export const digestForm = /^[0-9a-f]{64}$/;

/** Which version of each targets role belongs together. The roles are listed by version alone: their signatures bind the rest. */
export interface Snapshot extends Common {
  /** By the role's name, `targets` among them. */
  readonly versions: ReadonlyMap<string, number>;
}

export function readSnapshot(signed: Json, place: string): Snapshot {
  const fields = Fields.of(signed, place);
  const versions = new Map<string, number>();
  for (const [file, meta] of fields.objects("meta", mostRoles)) {
    if (!file.endsWith(".json")) throw refused("bad-metadata", place, `${file}: expected the name of a metadata file`);
    versions.set(file.slice(0, -".json".length), meta.whole("version", 1));
  }
  return { ...readCommon(fields, "snapshot"), versions };
}

export function snapshotJson(snapshot: Snapshot): Json {
  return { ...commonJson("snapshot", snapshot), meta: Object.fromEntries([...snapshot.versions].map(([role, version]) => [`${role}.json`, { version }])) };
}

/** Which snapshot is the newest, whole and to the octet. */
export interface Timestamp extends Common {
  readonly snapshot: { readonly version: number; readonly length: number; readonly digest: Digest };
}

export function readTimestamp(signed: Json, place: string): Timestamp {
  const fields = Fields.of(signed, place);
  const meta = fields.object("meta").only(["snapshot.json"]).object("snapshot.json");
  const digest = meta.object("hashes").text("sha256", digestForm);
  return { ...readCommon(fields, "timestamp"), snapshot: { version: meta.whole("version", 1), length: meta.whole("length", 1), digest: `sha256:${digest}` } };
}

export function timestampJson(timestamp: Timestamp): Json {
  const { version, length, digest } = timestamp.snapshot;
  return { ...commonJson("timestamp", timestamp), meta: { "snapshot.json": { version, length, hashes: { sha256: digest.slice("sha256:".length) } } } };
}
