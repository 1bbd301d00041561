import { concatBytes } from "@metersmith/base/bytes";
import type { TableId } from "@metersmith/tables";

/** A record of a configuration bank: octets of a table, or which program the bank was filled from. Most significant octet first. */
export type BankRecord = TableOctets | ProgramMark;

/** From `offset` on, over the table as it was in the records before, or else as the factory made it. */
export interface TableOctets {
  readonly table: TableId;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The program whose image was the last to fill the bank; tables may have been written since. */
export interface ProgramMark {
  readonly program: {
    readonly id: string;
    readonly version: number;
    /** Number of the update on this meter that brought it: what tells it from the same program, brought before. */
    readonly update: number;
  };
}

const kind = { octets: 1, program: 2 } as const;
const octetsHead = 7;
const programHead = 9;

export function encodeBankRecord(record: BankRecord): Uint8Array {
  if ("program" in record) {
    const { id, version, update } = record.program;
    const head = new Uint8Array(programHead);
    const view = new DataView(head.buffer);
    head[0] = kind.program;
    view.setUint32(1, version);
    view.setUint32(5, update);
    return concatBytes(head, new TextEncoder().encode(id));
  }
  const head = new Uint8Array(octetsHead);
  const view = new DataView(head.buffer);
  head[0] = kind.octets;
  view.setUint16(1, record.table);
  view.setUint32(3, record.offset);
  return concatBytes(head, record.bytes);
}

/** Undefined where the octets are none of a record. */
export function decodeBankRecord(content: Uint8Array): BankRecord | undefined {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  if (content[0] === kind.octets && content.length > octetsHead) return { table: view.getUint16(1), offset: view.getUint32(3), bytes: content.subarray(octetsHead) };
  if (content[0] !== kind.program || content.length < programHead) return undefined;
  return { program: { version: view.getUint32(1), update: view.getUint32(5), id: new TextDecoder().decode(content.subarray(programHead)) } };
}
