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
  {
    name: "202611251410-authoring-organizations",
    async up(db) {
      // A version was unique across the site: one organization's refused number told of another's program.
      await sql`alter table program disable trigger program_is_kept`.execute(db);
      await sql`alter table program add column organization_id uuid not null references organization default owner_organization()`.execute(db);
      await sql`alter table program enable trigger program_is_kept`.execute(db);
      await sql`
        alter table program
          alter column organization_id set default current_organization(),
          add column created_by_actor text,
          alter column created_by_actor set default current_setting('metersmith.actor', true),
          drop constraint program_code_version_key,
          add constraint program_version unique (organization_id, code, version)`.execute(db);
      await sql`alter table program enable row level security`.execute(db);
      await sql`create policy own on program using (organization_id = current_organization())`.execute(db);
    },
  },
];
