import { concatBytes } from "@metersmith/base/bytes";
import type { Digest } from "@metersmith/base/digest";
import type { TableId } from "@metersmith/tables";
import type { Build } from "../build/build.ts";
import type { DeviceType } from "../device-type/device-type.ts";
import { ProgramsError } from "../errors.ts";
import { policyFor } from "../policy/policy.ts";
import { words, type WantedWords } from "./words.ts";

/** One table of a program, ready to be held against many meters. */
export interface ComparedTable {
  readonly table: TableId;
  readonly role: "written" | "checked";
  /** Octets and mask, as the build has them. */
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array;
  /** Bits that may not differ: all of a check; of a write, those that the role may not change. */
  readonly forbidden: Uint8Array;
  /** In the trade's words: which rule forbids. */
  readonly rule: string;
  /** Octets and mask again, as words of 32 bits; what is missing of the last word does not count. */
  readonly wantedWords: Int32Array;
  readonly maskWords: Int32Array;
}

/** A program for one type and role, with its masks compiled. */
export interface CompiledComparison {
  readonly deviceType: DeviceType;
  readonly program: Digest;
  readonly role: string;
  readonly tables: readonly ComparedTable[];
  /** All of them, one behind another. */
  readonly packed: WantedWords;
}

/** The tables of a comparison, and all of them in one piece. */
export function comparisonOf(parts: Omit<CompiledComparison, "packed">): CompiledComparison {
  const [bytes, mask] = [concatBytes(...parts.tables.map((one) => one.bytes)), concatBytes(...parts.tables.map((one) => one.mask))];
  return { ...parts, packed: { bytes, mask, wantedWords: words(bytes), maskWords: words(mask) } };
}

/** Throws `unknown-role`, and `device-type-invalid` where the build is for another type or state of it. */
export function compiledComparison(build: Build, type: DeviceType, role: string): CompiledComparison {
  if (build.deviceType.digest !== type.digest) throw new ProgramsError("device-type-invalid", `the program was built for another state of ${build.deviceType.id}: build it again`, { kind: "misuse" });
  const allowed = new Map(policyFor(type, role).allowed.map(({ table, mask }) => [table, mask]));
  const compared = (table: TableId, as: ComparedTable["role"], { bytes, mask }: { bytes: Uint8Array; mask: Uint8Array }, forbidden: Uint8Array, rule: string): ComparedTable =>
    ({ table, role: as, bytes, mask, forbidden, rule, wantedWords: words(bytes), maskWords: words(mask) });
  return comparisonOf({
    deviceType: type, program: build.digest, role,
    tables: [
      ...build.checks.map((check) => compared(check.table, "checked", check, check.mask, `mapping.json of ${type.id}: table ${check.table} is checked, so a meter has to be so already`)),
      ...build.writes.map((write) => {
        const may = allowed.get(write.table);
        const rule = `policy.json of ${type.id}: ${role} may change ${may ? "only a part" : "nothing"} of table ${write.table}`;
        return compared(write.table, "written", write, write.mask.map((octet, at) => octet & ~(may?.[at] ?? 0)), rule);
      }),
    ],
  });
}
