import type { Migration } from "@metersmith/postgres/migrate";
import { sql } from "kysely";

export const ledgerMigrations: readonly Migration[] = [
  {
    name: "202611210500-ledger-sessions",
    async up(db) {
      await sql`
        create table meter_session (
          id bigint generated always as identity primary key,
          public_id uuid not null default uuidv7() unique,
          meter_id bigint not null references meter,
          kind text not null check (kind in ('program', 'read')),
          library_program_id bigint references library_program,
          state text not null default 'waiting' check (state in ('waiting', 'running', 'verified', 'read', 'refused', 'failed')),
          waits_for text,
          progress jsonb,
          requested_at timestamptz not null default now(),
          requested_by text not null,
          started_at timestamptz,
          ended_at timestamptz,
          reason text,
          report jsonb,
          check ((kind = 'program') = (library_program_id is not null))
        )`.execute(db);
      await sql`create index meter_session_meter on meter_session (meter_id, id desc)`.execute(db);
      // One session with a meter at a time: its port serves one, and two programs must not interleave.
      await sql`create unique index meter_session_one on meter_session (meter_id) where state in ('waiting', 'running')`.execute(db);
      await sql`
        create table session_step (
          id bigint generated always as identity primary key,
          session_id bigint not null references meter_session,
          at timestamptz not null,
          text text not null
        )`.execute(db);
      await sql`create index session_step_session on session_step (session_id, id)`.execute(db);
      await sql`
        create table read_back (
          session_id bigint not null references meter_session,
          table_number int not null,
          name text not null,
          bytes bytea not null,
          digest text not null,
          primary key (session_id, table_number)
        )`.execute(db);
    },
  },
  {
    name: "202611210501-ledger-associations",
    async up(db) {
      await sql`create extension if not exists btree_gist`.execute(db);
      await sql`
        create table association (
          id bigint generated always as identity primary key,
          public_id uuid not null default uuidv7() unique,
          meter_id bigint not null references meter,
          library_program_id bigint not null references library_program,
          from_at timestamptz not null,
          to_at timestamptz,
          known_by text not null check (known_by in ('built', 'field tool', 'over the air', 'read back')),
          by_whom text not null,
          session_id bigint not null references meter_session,
          check (to_at is null or to_at >= from_at),
          exclude using gist (meter_id with =, tstzrange(from_at, to_at) with &&)
        )`.execute(db);
      // What once was known stays: an open association may be ended, nothing else changes, nothing goes (MFG-5).
      await sql`
        create function association_is_kept() returns trigger language plpgsql as $$
        begin
          if tg_op = 'UPDATE' and old.to_at is null and new.to_at is not null
             and (new.id, new.public_id, new.meter_id, new.library_program_id, new.from_at, new.known_by, new.by_whom, new.session_id)
               = (old.id, old.public_id, old.meter_id, old.library_program_id, old.from_at, old.known_by, old.by_whom, old.session_id) then
            return new;
          end if;
          raise exception 'an association is history: it can be ended once, not changed or deleted';
        end $$`.execute(db);
      await sql`
        create trigger association_is_kept before update or delete on association
        for each row execute function association_is_kept()`.execute(db);
    },
  },
  {
    // The account, where `requested_by` is an e-mail address: addresses change hands.
    name: "202611251440-ledger-actors",
    async up(db) {
      await sql`alter table meter_session add column requested_by_actor text`.execute(db);
      await sql`alter table meter_session alter column requested_by_actor set default current_setting('metersmith.actor', true)`.execute(db);
    },
  },
];
