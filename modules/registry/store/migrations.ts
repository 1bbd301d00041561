import type { Migration } from "@metersmith/postgres/migrate";
import { sql } from "kysely";

export const registryMigrations: readonly Migration[] = [
  {
    name: "202611210400-registry-meters",
    async up(db) {
      await sql`
        create table meter (
          id bigint generated always as identity primary key,
          public_id uuid not null default uuidv7() unique,
          manufacturer text not null,
          serial text not null,
          device_type text not null,
          address text not null,
          service_point text,
          sealed_password text not null,
          registered_at timestamptz not null default now(),
          last_seen_at timestamptz,
          unique (manufacturer, serial)
        )`.execute(db);
    },
  },
  {
    name: "202611251420-registry-actors",
    async up(db) {
      await sql`alter table meter add column registered_by_actor text`.execute(db);
      await sql`alter table meter alter column registered_by_actor set default current_setting('metersmith.actor', true)`.execute(db);
    },
  },
];
