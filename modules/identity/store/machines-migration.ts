import type { Migration } from "@metersmith/postgres/migrate";
import { sql } from "kysely";

/** Machines, their keys, what they have signed and the tokens that they carry. Tokens and assertions are kept as digests. */
export const machinesMigration: Migration = {
  name: "202611251720-identity-machines",
  async up(db) {
    for (const statement of [...tables, ...policies, rights]) await sql.raw(statement).execute(db);
  },
};

const tables = [
  `create table machine (
     id uuid primary key default uuidv7(),
     organization_id uuid not null references organization,
     name text not null,
     created_at timestamptz not null default now(),
     disabled_at timestamptz,
     unique (organization_id, name)
   )`,
  `create table machine_role (
     machine_id uuid not null references machine on delete cascade,
     role_id bigint not null references role on delete cascade,
     primary key (machine_id, role_id)
   )`,
  // One key belongs to one machine, for ever: a revoked one does not come back under another name.
  `create table machine_key (
     id uuid primary key default uuidv7(),
     machine_id uuid not null references machine on delete cascade,
     public_key text not null,
     thumbprint text not null unique,
     created_at timestamptz not null default now(),
     expires_at timestamptz
   )`,
  `create index machine_key_machine on machine_key (machine_id)`,
  `create table machine_assertion (
     machine_id uuid not null references machine on delete cascade,
     jti_digest text not null,
     expires_at timestamptz not null,
     primary key (machine_id, jti_digest)
   )`,
  `create table machine_token (
     token_digest text primary key,
     machine_id uuid not null references machine on delete cascade,
     key_id uuid not null references machine_key on delete cascade,
     expires_at timestamptz not null
   )`,
  `create index machine_token_machine on machine_token (machine_id)`,
];

const policies = [
  ...["machine", "machine_role", "machine_key", "machine_assertion", "machine_token"].map((table) => `alter table ${table} enable row level security`),
  `create policy own on machine using (for_sign_in() or organization_id = current_organization())`,
  ...["machine_role", "machine_key", "machine_token"].map(
    (table) => `create policy own on ${table} using (for_sign_in() or exists (select from machine where machine.id = ${table}.machine_id))`,
  ),
  `create policy sign_in on machine_assertion using (for_sign_in())`,
];

const rights = `insert into role_permission (role_id, permission)
  select role.id, permission from role, unnest(array['machine.view', 'machine.create', 'machine.update']) as permission
  where organization_id is null and role.name in ('site-operator', 'administrator', 'security-officer')`;
