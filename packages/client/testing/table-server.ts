import { PsemError, type PsemClient } from "@metersmith/psem";
import { MeterContext, type FieldValue, type TableId } from "@metersmith/tables";
import { standardDefinitions } from "@metersmith/tables/standard";

/** Tables behind the interface of a PSEM client, without a link: notes what it was asked. */
export class TableServer implements PsemClient {
  readonly tables: Map<TableId, Uint8Array>;
  readonly calls: string[] = [];
  /** Answers of table 8 to give in turn; `echo` repeats PROC and SEQ_NBR of table 7 in front of what is listed. */
  procedureAnswers: ({ readonly echo: boolean; readonly rest: readonly number[] } | { readonly refuse: "bsy" | "dnr" | "isc" })[] = [];
  largestRead = 1000;
  largestWrite = 1000;
  /** Table 7 as last written. */
  initiated: Uint8Array | undefined;

  constructor(values: ReadonlyMap<TableId, FieldValue>) {
    this.tables = MeterContext.fromValues(standardDefinitions, values).images;
  }

  async identify(): ReturnType<PsemClient["identify"]> {
    return { standard: 0, version: 1, revision: 0, features: [] };
  }
  async negotiate(packetSize: number, packets: number): ReturnType<PsemClient["negotiate"]> {
    return { packetSize, packets };
  }
  async logon(): Promise<void> {}
  async security(password: Uint8Array | string): Promise<void> {
    this.calls.push(`security ${password.length}`);
  }
  async readTable(table: number): Promise<Uint8Array> {
    this.calls.push(`read ${table}`);
    if (table === 8) {
      // As an earlier session left it: procedure 10, number 41, completed.
      if (!this.initiated) return Uint8Array.of(10, 0, 41, 0);
      const answer = this.procedureAnswers.shift();
      if (answer && "refuse" in answer) throw PsemError.refusal(answer.refuse, "read table 8");
      return Uint8Array.from([...(answer?.echo === false ? [10, 0, 41] : this.initiated.subarray(0, 3)), ...(answer?.rest ?? [1])]);
    }
    return this.#table(table).slice();
  }
  async readOffset(table: number, offset: number, count: number): Promise<Uint8Array> {
    this.calls.push(`read ${table} from ${offset}, ${count}`);
    return this.#table(table).slice(offset, offset + count);
  }
  async writeTable(table: number, bytes: Uint8Array): Promise<void> {
    this.calls.push(`write ${table}, ${bytes.length}`);
    if (table === 7) this.initiated = bytes.slice();
    else this.tables.set(table, bytes.slice());
  }
  async writeOffset(table: number, offset: number, bytes: Uint8Array): Promise<void> {
    this.calls.push(`write ${table} from ${offset}, ${bytes.length}`);
    this.#table(table).set(bytes, offset);
  }
  async wait(): Promise<void> {}
  async logoff(): Promise<void> {}
  async terminate(): Promise<void> {}
  async disconnect(): Promise<void> {}
  close(): void {}

  #table(table: number): Uint8Array {
    const image = this.tables.get(table);
    if (!image) throw new Error(`no table ${table}`);
    return image;
  }
}

/** Table 0 of a meter with these tables, binary times, least significant octet first. `access`: DATA_ACCESS_METHOD. */
export function general(used: readonly TableId[], access = 1): FieldValue {
  return {
    FORMAT_CONTROL_1: { CHAR_FORMAT: 1 }, FORMAT_CONTROL_2: { TM_FORMAT: 2, DATA_ACCESS_METHOD: access }, FORMAT_CONTROL_3: { NI_FORMAT1: 8, NI_FORMAT2: 8 },
    NAMEPLATE_TYPE: 2, MAX_PROC_PARM_LENGTH: 24, MAX_RESP_DATA_LEN: 16,
    DIM_STD_TBLS_USED: 8, DIM_STD_PROC_USED: 2, STD_TBLS_USED: used, STD_PROC_USED: [10], STD_TBLS_WRITE: used,
  };
}
