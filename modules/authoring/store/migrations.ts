import type { Migration } from "@metersmith/postgres/migrate";
import { sql } from "kysely";

export const authoringMigrations: readonly Migration[] = [
  {
    name: "202611210200-authoring-programs",
    async up(db) {
      await sql`
        create table program (
          id bigint generated always as identity primary key,
          public_id uuid not null default uuidv7() unique,
          code text not null,
          version int not null check (version between 1 and 65535),
          name text not null,
          device_type text not null,
          tariff_name text not null,
          tariff_file text not null,
          digest text not null,
          document jsonb not null,
          report jsonb not null,
          created_at timestamptz not null default now(),
          created_by text not null,
          unique (code, version)
        )`.execute(db);
      // MFG-2: every version is kept as it was made. The application role could otherwise rewrite history.
      await sql`
        create function program_is_kept() returns trigger language plpgsql as $$
        begin
          raise exception 'a program version is never changed or deleted: make a new version';
        end $$`.execute(db);
      await sql`create trigger program_is_kept before update or delete on program for each row execute function program_is_kept()`.execute(db);
    },
  },
];
