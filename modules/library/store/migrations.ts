import type { Migration } from "@metersmith/postgres/migrate";
import { sql } from "kysely";

export const libraryMigrations: readonly Migration[] = [
  {
    name: "202611210300-library-programs",
    async up(db) {
      await sql`
        create table library_program (
          id bigint generated always as identity primary key,
          public_id uuid not null default uuidv7() unique,
          code text not null,
          version int not null check (version between 1 and 65535),
          name text not null,
          device_type text not null,
          tariff_name text not null,
          digest text not null,
          document jsonb not null,
          report jsonb not null,
          received_at timestamptz not null default now(),
          received_by text not null,
          unique (code, version)
        )`.execute(db);
      await sql`
        create function library_program_is_kept() returns trigger language plpgsql as $$
        begin
          raise exception 'a program in the library is never changed or deleted: meters may run it';
        end $$`.execute(db);
      await sql`
        create trigger library_program_is_kept before update or delete on library_program
        for each row execute function library_program_is_kept()`.execute(db);
    },
  },
  {
    // The account, where `received_by` is an e-mail address: addresses change hands.
    name: "202611251430-library-actors",
    async up(db) {
      await sql`alter table library_program add column received_by_actor text`.execute(db);
      await sql`alter table library_program alter column received_by_actor set default current_setting('metersmith.actor', true)`.execute(db);
    },
  },
];
