import type { Migration } from "@metersmith/postgres/migrate";
import { sql } from "kysely";
import { signInTriggers } from "./sign-in-triggers.ts";

/**
 * The record of actions. The application's role reads and inserts, and nothing else: grants refuse it, and a trigger refuses the owner
 * too. `metersmith.purpose` is `audit` where the seals are made and checked, which concerns all organizations.
 */
export const auditMigrations: readonly Migration[] = [
  {
    name: "202611251530-audit-entries",
    async up(db) {
      await sql`
        create function for_audit() returns boolean stable parallel safe language sql as
        $$ select coalesce(current_setting('metersmith.purpose', true) = 'audit', false) $$`.execute(db);
      await sql`
        create table audit_entry (
          id bigint generated always as identity primary key,
          public_id uuid not null default uuidv7() unique,
          organization_id uuid not null default coalesce(current_organization(), owner_organization()) references organization,
          at timestamptz not null default date_trunc('milliseconds', clock_timestamp()) check (at = date_trunc('milliseconds', at)),
          actor_kind text not null check (actor_kind in ('person', 'machine', 'site')),
          actor_id text not null,
          actor_name text not null,
          roles text[] not null,
          address text,
          session text,
          verb text not null,
          object_kind text not null,
          object_id text not null,
          object_name text,
          digest text check (digest ~ '^sha256:[0-9a-f]{64}$'),
          reason text,
          facts jsonb not null default '{}' check (jsonb_typeof(facts) = 'object')
        )`.execute(db);
      await sql`create index audit_entry_organization on audit_entry (organization_id, id desc)`.execute(db);
      await sql`create index audit_entry_object on audit_entry (organization_id, object_id, id desc)`.execute(db);
      await sql`create index audit_entry_actor on audit_entry (organization_id, actor_id, id desc)`.execute(db);
      await sql`
        create table audit_seal (
          organization_id uuid not null references organization,
          number bigint not null check (number >= 1),
          first_position bigint not null check (first_position >= 1),
          entries int not null check (entries >= 1),
          root text not null,
          previous text,
          at timestamptz not null check (at = date_trunc('milliseconds', at)),
          key_id text not null,
          signature text not null,
          primary key (organization_id, number),
          unique (organization_id, first_position)
        )`.execute(db);
      await sql`
        create table audit_leaf (
          organization_id uuid not null,
          position bigint not null,
          entry_id bigint not null unique references audit_entry,
          digest text not null,
          seal_number bigint not null,
          primary key (organization_id, position),
          foreign key (organization_id, seal_number) references audit_seal
        )`.execute(db);
      await sql`create index audit_leaf_seal on audit_leaf (organization_id, seal_number)`.execute(db);
      // Where an entry waits for its seal. Not history: it may be emptied, and the check of the record finds out where it was too early.
      await sql`create table audit_waiting (entry_id bigint primary key references audit_entry, organization_id uuid not null)`.execute(db);
      await sql`
        create table audit_key (
          id text primary key,
          public_key text not null,
          sealed_secret text not null,
          made_at timestamptz not null default now()
        )`.execute(db);
      for (const statement of [...appendOnly, ...policies, ...signInTriggers, ...rights]) await sql.raw(statement).execute(db);
    },
  },
  {
    name: "202611251600-audit-organization-names",
    async up(db) {
      // A record names whose it is.
      await sql`create policy audit on organization for select using (for_audit())`.execute(db);
    },
  },
  {
    name: "202611251730-audit-search",
    async up(db) {
      // The record is kept for ever: what it can be narrowed by has to find nothing as quickly as something.
      for (const column of ["actor_name", "object_name", "object_kind", "at"]) {
        await sql`create index ${sql.id(`audit_entry_${column}`)} on audit_entry (organization_id, ${sql.id(column)}, id desc)`.execute(db);
      }
      await sql`create index audit_entry_verb on audit_entry (organization_id, verb collate "C", id desc)`.execute(db);
    },
  },
];

const kept = ["audit_entry", "audit_seal", "audit_leaf"];

const appendOnly = [
  `create function audit_wait() returns trigger security definer set search_path = public language plpgsql as $$
   begin
     insert into audit_waiting (entry_id, organization_id) values (new.id, new.organization_id);
     return null;
   end $$`,
  `create trigger audit_wait after insert on audit_entry for each row execute function audit_wait()`,
  `create function audit_is_kept() returns trigger language plpgsql as $$
   begin
     raise exception 'the record of actions is only added to: % of % is refused', lower(tg_op), tg_table_name;
   end $$`,
  ...kept.flatMap((table) => [
    `create trigger audit_is_kept before update or delete on ${table} for each row execute function audit_is_kept()`,
    `create trigger audit_is_kept_whole before truncate on ${table} for each statement execute function audit_is_kept()`,
  ]),
  // The application's role is whoever has rights by default; it is not known here by name.
  `do $$
   declare app record;
   begin
     for app in select distinct grantee from information_schema.role_table_grants where table_name = 'audit_entry' and grantee <> current_user loop
       execute format('revoke all on audit_entry, audit_seal, audit_leaf, audit_waiting, audit_key from %I', app.grantee);
       execute format('grant select, insert on audit_entry, audit_seal, audit_leaf, audit_key to %I', app.grantee);
       execute format('grant select, delete on audit_waiting to %I', app.grantee);
       execute format('grant update (sealed_secret) on audit_key to %I', app.grantee);
     end loop;
   end $$`,
];

const own = "for_audit() or organization_id = coalesce(current_organization(), owner_organization())";

const policies = [
  ...[...kept, "audit_waiting", "audit_key"].map((table) => `alter table ${table} enable row level security`),
  `create policy seen on audit_entry for select using (for_audit() or organization_id = current_organization())`,
  // The site's own actions are in the record of who runs it.
  `create policy made on audit_entry for insert with check (${own})`,
  ...["audit_seal", "audit_leaf"].flatMap((table) => [
    `create policy seen on ${table} for select using (for_audit() or organization_id = current_organization())`,
    `create policy made on ${table} for insert with check (for_audit())`,
  ]),
  `create policy sealing on audit_waiting using (for_audit())`,
  // What it shows is public or sealed.
  `create policy seen on audit_key for select using (true)`,
  `create policy made on audit_key for insert with check (for_audit())`,
  `create policy sealed_anew on audit_key for update using (for_audit())`,
];

/** Who reads and exports the record, on every site. */
const rights = [
  `insert into role_permission (role_id, permission)
   select role.id, permission from role, unnest(array['audit.view', 'audit.export']) as permission
   where organization_id is null and role.name in ('site-operator', 'administrator', 'security-officer')`,
];
