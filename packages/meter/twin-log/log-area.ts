import { concatBytes, equalBytes } from "@metersmith/base/bytes";
import { sha256 } from "@noble/hashes/sha2.js";
import type { FlashRegion } from "../flash/flash-region.ts";
import { encodeRecord, recordAt, recordHead, recordKind, type RecordKind } from "./log-record.ts";

/** One of the two areas, as it reads. Nothing is said of an area without a first seal. */
export interface LogArea {
  readonly generation: number;
  /** Contents in order: of the snapshot under the seal, then of what was appended. */
  readonly contents: readonly Uint8Array[];
  /**
   * Of the second seal: `whole`; `nearly`, it differs in one octet at most, so it may have read whole before and that octet is unstable; `absent`, it was
   * never whole. That it was begun is what proves the first seal complete.
   */
  readonly secondSeal: "whole" | "nearly" | "absent";
  /** Whether nothing, whole or torn, lies behind the second seal as far as it reads. */
  readonly untouched: boolean;
}

/** Octets of a seal's content: records (2), octets of the snapshot (4), SHA-256 over them. */
export const sealLength = 38;

export function encodeSeal(kind: RecordKind, generation: number, records: readonly Uint8Array[]): Uint8Array {
  const content = new Uint8Array(sealLength);
  const view = new DataView(content.buffer);
  view.setUint16(0, records.length);
  view.setUint32(2, records.reduce((sum, record) => sum + record.length, 0));
  content.set(sha256(concatBytes(...records)), 6);
  return encodeRecord({ kind, generation, content });
}

export function readArea(region: FlashRegion): LogArea | undefined {
  const generation = recordAt(region, 0)?.generation;
  if (generation === undefined) return undefined;
  const snapshot = dataFrom(region, 0, generation);
  const records = snapshot.contents.map((content) => encodeRecord({ kind: recordKind.data, generation, content }));
  const [first, second] = [encodeSeal(recordKind.seal, generation, records), encodeSeal(recordKind.secondSeal, generation, records)];
  if (!equalBytes(region.read(snapshot.end, first.length), first)) return undefined;
  const secondAt = snapshot.end + region.room(first.length);
  const found = region.read(secondAt, second.length);
  const differing = second.reduce((count, octet, index) => count + (found[index] === octet ? 0 : 1), 0);
  if (differing > 0) return { generation, contents: snapshot.contents, secondSeal: differing === 1 ? "nearly" : "absent", untouched: false };
  const appendedAt = secondAt + region.room(second.length);
  const appended = dataFrom(region, appendedAt, generation);
  return {
    generation,
    contents: [...snapshot.contents, ...appended.contents],
    secondSeal: "whole",
    untouched: appended.contents.length === 0 && region.isBlank(appendedAt, region.unit),
  };
}

/** The data records that follow on each other from there, and where the next one would be. */
function dataFrom(region: FlashRegion, at: number, generation: number): { readonly contents: Uint8Array[]; readonly end: number } {
  const contents: Uint8Array[] = [];
  for (let end = at; ; ) {
    const record = recordAt(region, end);
    if (record?.kind !== recordKind.data || record.generation !== generation) return { contents, end };
    contents.push(record.content);
    end += region.room(recordHead + record.content.length);
  }
}
