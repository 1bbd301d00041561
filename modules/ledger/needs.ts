import type { DeviceTypes } from "../device-types/api/contract.ts";
import type { LibraryPrograms } from "../library/api/contract.ts";
import type { MeterDirectory } from "../registry/api/contract.ts";

/** What the ledger needs from its neighbours. */
export interface LedgerNeeds {
  readonly meters: MeterDirectory;
  readonly programs: LibraryPrograms;
  readonly deviceTypes: DeviceTypes;
}
