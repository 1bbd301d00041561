import type { Migration } from "@metersmith/postgres/migrate";
import { sql } from "kysely";
import { firstRoles } from "./first-roles.ts";
import { machinesMigration } from "./machines-migration.ts";
import { organizationsMigration } from "./organizations-migration.ts";
import { signInMigration } from "./sign-in-migration.ts";

/** People and their sign-ins are `better-auth`'s tables under our names; roles are ours. */
export const identityMigrations: readonly Migration[] = [
  {
    name: "202611210100-identity-people",
    async up(db) {
      await sql`
        create table person (
          id uuid primary key default uuidv7(),
          name text not null,
          email text not null unique,
          email_verified boolean not null default false,
          image text,
          created_at timestamptz not null default now(),
          updated_at timestamptz not null default now()
        )`.execute(db);
      await sql`
        create table login_session (
          id uuid primary key default uuidv7(),
          person_id uuid not null references person on delete cascade,
          token text not null unique,
          expires_at timestamptz not null,
          ip_address text,
          user_agent text,
          created_at timestamptz not null default now(),
          updated_at timestamptz not null default now()
        )`.execute(db);
      await sql`create index login_session_person on login_session (person_id)`.execute(db);
      await sql`
        create table login_account (
          id uuid primary key default uuidv7(),
          person_id uuid not null references person on delete cascade,
          provider_id text not null,
          account_id text not null,
          password text,
          access_token text,
          refresh_token text,
          id_token text,
          access_token_expires_at timestamptz,
          refresh_token_expires_at timestamptz,
          scope text,
          created_at timestamptz not null default now(),
          updated_at timestamptz not null default now(),
          unique (provider_id, account_id)
        )`.execute(db);
      await sql`create index login_account_person on login_account (person_id)`.execute(db);
      await sql`
        create table login_verification (
          id uuid primary key default uuidv7(),
          identifier text not null,
          value text not null,
          expires_at timestamptz not null,
          created_at timestamptz not null default now(),
          updated_at timestamptz not null default now()
        )`.execute(db);
    },
  },
  {
    name: "202611210101-identity-roles",
    async up(db) {
      await sql`
        create table role (
          id bigint generated always as identity primary key,
          name text not null unique,
          title text not null
        )`.execute(db);
      await sql`
        create table role_permission (
          role_id bigint not null references role on delete cascade,
          permission text not null,
          primary key (role_id, permission)
        )`.execute(db);
      await sql`
        create table person_role (
          person_id uuid not null references person on delete cascade,
          role_id bigint not null references role on delete cascade,
          primary key (person_id, role_id)
        )`.execute(db);
      for (const role of firstRoles) {
        await sql`
          with made as (insert into role (name, title) values (${role.name}, ${role.title}) returning id)
          insert into role_permission (role_id, permission)
          select made.id, permission from made, unnest(${[...role.permissions]}::text[]) as permission`.execute(db);
      }
    },
  },
  organizationsMigration,
  signInMigration,
  machinesMigration,
  {
    name: "202611251745-identity-device-type-rights",
    async up(db) {
      await sql`
        insert into role_permission (role_id, permission)
        select role.id, permission from role, unnest(array['device-type.receive', 'device-type.withdraw']) as permission
        where role.organization_id is null and role.name in ('site-operator', 'administrator')`.execute(db);
    },
  },
];
