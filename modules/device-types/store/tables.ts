import type { Generated, GeneratedAlways } from "kysely";

export interface DeviceTypeTables {
  device_type_archive: {
    id: GeneratedAlways<string>;
    type_id: string;
    version: string;
    type_digest: string;
    archive_digest: string;
    archive: Uint8Array;
    manufacturer_code: string;
    manufacturer_name: string;
    public_key: Uint8Array;
    received_at: Generated<Date>;
    received_by: string;
    received_by_actor: Generated<string>;
  };
  device_type_withdrawal: {
    archive_id: string;
    at: Generated<Date>;
    by_name: string;
    by_actor: Generated<string>;
    reason: string;
  };
}
