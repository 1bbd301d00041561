import type { Migration } from "@metersmith/postgres/migrate";
import { sql } from "kysely";

/** Second factors, passkeys, and what slows guessing down. Secrets of second factors are encrypted by the site's session secret. */
export const signInMigration: Migration = {
  name: "202611251540-identity-sign-in",
  async up(db) {
    await sql`alter table person add column two_factor_enabled boolean not null default false`.execute(db);
    await sql`
      create table second_factor (
        id uuid primary key default uuidv7(),
        person_id uuid not null unique references person on delete cascade,
        secret text not null,
        backup_codes text not null,
        verified boolean not null default false,
        failed_verification_count integer not null default 0,
        locked_until timestamptz
      )`.execute(db);
    // A code is good once: who reads it over a shoulder, or off the line, is late.
    await sql`
      create table used_code (
        person_id uuid not null references person on delete cascade,
        code_digest text not null,
        used_at timestamptz not null,
        primary key (person_id, code_digest)
      )`.execute(db);
    // WebAuthn counts signatures in 32 bits without sign, more than `integer` holds; `bigint` would come back as text.
    await sql`
      create table passkey (
        id uuid primary key default uuidv7(),
        person_id uuid not null references person on delete cascade,
        name text,
        public_key text not null,
        credential_id text not null unique,
        counter double precision not null default 0,
        device_type text not null,
        backed_up boolean not null,
        transports text,
        aaguid text,
        created_at timestamptz not null default now()
      )`.execute(db);
    await sql`create index passkey_person on passkey (person_id)`.execute(db);
    await sql`
      create table sign_in_failure (
        subject text primary key,
        failures integer not null,
        last_at timestamptz not null
      )`.execute(db);
    await sql`create index sign_in_failure_last on sign_in_failure (last_at)`.execute(db);

    for (const table of ["second_factor", "passkey", "used_code", "sign_in_failure"]) await sql.raw(`alter table ${table} enable row level security`).execute(db);
    for (const table of ["second_factor", "passkey"]) {
      await sql.raw(`create policy own on ${table} using (for_sign_in() or exists (select from person where person.id = ${table}.person_id))`).execute(db);
    }
    // Put on record as every change of credentials is; not that a passkey counts, nor that a code was right.
    for (const when of [
      "insert or delete on second_factor",
      "update of secret, backup_codes, verified on second_factor",
      "insert or delete on passkey",
    ]) {
      await sql.raw(`create trigger audit_${when.replaceAll(/\W+/g, "_")} after ${when} for each row execute function audit_sign_in_change()`).execute(db);
    }
    for (const table of ["used_code", "sign_in_failure"]) await sql.raw(`create policy sign_in on ${table} using (for_sign_in())`).execute(db);
  },
};
