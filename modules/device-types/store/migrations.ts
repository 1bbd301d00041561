import type { Migration } from "@metersmith/postgres/migrate";
import { sql } from "kysely";

export const deviceTypeMigrations: readonly Migration[] = [
  {
    name: "202611251610-device-types-archives",
    async up(db) {
      await sql`
        create table device_type_archive (
          id bigint generated always as identity primary key,
          type_id text not null,
          version text not null,
          type_digest text not null unique,
          archive_digest text not null unique,
          archive bytea not null check (octet_length(archive) between 1 and 524288),
          manufacturer_code text not null,
          manufacturer_name text not null,
          public_key bytea not null check (octet_length(public_key) = 32),
          received_at timestamptz not null default now(),
          received_by text not null,
          received_by_actor text not null default current_setting('metersmith.actor'),
          check (archive_digest = 'sha256:' || encode(sha256(archive), 'hex')),
          unique (type_id, version)
        )`.execute(db);
      await sql`
        create table device_type_withdrawal (
          archive_id bigint primary key references device_type_archive,
          at timestamptz not null default now(),
          by_name text not null,
          by_actor text not null default current_setting('metersmith.actor'),
          reason text not null
        )`.execute(db);
      await sql`
        create function device_type_is_kept() returns trigger language plpgsql as $$
        begin
          raise exception 'a device type is never changed or deleted: programs were built with it';
        end $$`.execute(db);
      // Types are the site's, for all its organizations to see; only who runs the site brings or withdraws one.
      for (const table of ["device_type_archive", "device_type_withdrawal"]) {
        await sql`
          create trigger device_type_is_kept before update or delete on ${sql.table(table)}
          for each row execute function device_type_is_kept()`.execute(db);
        await sql`alter table ${sql.table(table)} enable row level security`.execute(db);
        await sql`create policy seen on ${sql.table(table)} for select using (true)`.execute(db);
        await sql`create policy brought on ${sql.table(table)} for insert with check (current_setting('metersmith.owner', true) = 'true')`.execute(db);
      }
    },
  },
];
