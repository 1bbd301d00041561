import type { FieldValue } from "../field-value.ts";
import { flags } from "./notation.ts";

export interface ProcedureVector {
  readonly procedure: number;
  readonly part: "parameters" | "response";
  /** In the notation of notation.ts. */
  readonly octets: string;
  readonly value: FieldValue;
}

const event = { EVENT: { EVENT_SELECT: { EVENT_CODE: 0, SELF_READ_FLAG: true, DEMAND_RESET_FLAG: false }, EVENT_STORAGE: "1a0c010000" } };

export const procedureVectors: readonly ProcedureVector[] = [
  { procedure: 4, part: "parameters", octets: "01", value: { LIST: 1 } },
  { procedure: 5, part: "parameters", octets: "08 <0102>", value: { LIST: 8, ENTRIES_READ: 258 } },
  { procedure: 6, part: "parameters", octets: "02", value: { ED_MODE: flags("METERING_FLAG TEST_MODE_FLAG METER_SHOP_MODE_FLAG FACTORY_FLAG", "TEST_MODE_FLAG") } },
  // Demand reset, season change, to season 1: bits 0, 2 and 3.
  { procedure: 9, part: "parameters", octets: "0d", value: { ACTION: { DEMAND_RESET: true, SELF_READ: false, SEASON_CHANGE: true, NEW_SEASON: 1 } } },
  { procedure: 9, part: "response", octets: "01", value: { SUCCESS: { DEMAND_RESET: true, SELF_READ: false, SEASON_CHANGE: false, NEW_SEASON: 0 } } },
  {
    procedure: 10, part: "parameters", octets: "03 1a0b15070509 06",
    value: {
      SET_MASK: flags("SET_TIME_FLAG SET_DATE_FLAG SET_TIME_DATE_QUAL", "SET_TIME_FLAG SET_DATE_FLAG"), DATE_TIME: "2026-11-21T07:05:09",
      TIME_DATE_QUAL: { DAY_OF_WEEK: 6, ...flags("DST_FLAG GMT_FLAG TM_ZN_APPLIED_FLAG DST_APPLIED_FLAG DST_SUPPORTED_FLAG") },
    },
  },
  { procedure: 10, part: "response", octets: "1a0b15070400 1a0b15070509", value: { DATE_TIME_BEFORE: "2026-11-21T07:04:00", DATE_TIME_AFTER: "2026-11-21T07:05:09" } },
  { procedure: 13, part: "parameters", octets: "10 1a0c010000", value: event },
  { procedure: 15, part: "parameters", octets: "10 1a0c010000", value: event },
  { procedure: 18, part: "parameters", octets: "<0102> 50*20", value: { USER_ID: 258, PASSWORD: "50".repeat(20) } },
];
