import type { Migration } from "@metersmith/postgres/migrate";
import { sql } from "kysely";
import { actorsRoles, addedToAdministrator } from "./actors-roles.ts";

/**
 * Organizations, and row-level security by them. A transaction sees the rows of `metersmith.organization`, which the site sets from who
 * is signed in; one that sets nothing sees none. `metersmith.purpose` is `sign-in` on the connections that find out who somebody is.
 */
export const organizationsMigration: Migration = {
  name: "202611251400-identity-organizations",
  async up(db) {
    await sql`
      create function current_organization() returns uuid stable parallel safe language sql as
      $$ select nullif(current_setting('metersmith.organization', true), '')::uuid $$`.execute(db);
    await sql`
      create function for_sign_in() returns boolean stable parallel safe language sql as
      $$ select coalesce(current_setting('metersmith.purpose', true) = 'sign-in', false) $$`.execute(db);
    await sql`
      create table organization (
        id uuid primary key default uuidv7(),
        slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{0,39}$'),
        name text not null,
        is_owner boolean not null default false,
        created_at timestamptz not null default now()
      )`.execute(db);
    await sql`create unique index organization_one_owner on organization (is_owner) where is_owner`.execute(db);
    await sql`insert into organization (slug, name, is_owner) values ('owner', 'This site', true)`.execute(db);
    await sql`
      create function owner_organization() returns uuid stable security definer set search_path = public language sql as
      $$ select id from organization where is_owner $$`.execute(db);

    await sql`
      alter table person
        add column organization_id uuid not null references organization default owner_organization(),
        add column disabled_at timestamptz`.execute(db);
    await sql`create index person_organization on person (organization_id)`.execute(db);
    await sql`
      create table invitation (
        person_id uuid primary key references person on delete cascade,
        token_digest text not null unique,
        expires_at timestamptz not null
      )`.execute(db);

    await sql`
      alter table role
        drop constraint role_name_key,
        add column organization_id uuid references organization,
        add column owner_only boolean not null default false,
        add constraint role_name unique nulls not distinct (organization_id, name)`.execute(db);
    for (const role of actorsRoles) {
      await sql`
        with made as (insert into role (name, title, owner_only) values (${role.name}, ${role.title}, ${"ownerOnly" in role}) returning id)
        insert into role_permission (role_id, permission)
        select made.id, permission from made, unnest(${role.permissions}::text[]) as permission`.execute(db);
    }
    await sql`
      insert into role_permission (role_id, permission)
      select role.id, permission from role, unnest(${addedToAdministrator}::text[]) as permission where role.name = 'administrator'`.execute(db);

    for (const statement of policies) await sql.raw(statement).execute(db);
  },
};

const ofPerson = (table: string): string =>
  `create policy own on ${table} using (for_sign_in() or exists (select from person where person.id = ${table}.person_id))`;

/** Policies of one table look at others through those tables' own policies. Of credentials nothing shows outside sign-in. */
const policies = [
  ...["organization", "person", "invitation", "role", "role_permission", "person_role", "login_session", "login_account", "login_verification"].map(
    (table) => `alter table ${table} enable row level security`,
  ),
  `create policy own on organization
     using (for_sign_in() or id = current_organization() or current_setting('metersmith.owner', true) = 'true')`,
  `create policy own on person using (for_sign_in() or organization_id = current_organization())`,
  ofPerson("invitation"),
  ofPerson("person_role"),
  ofPerson("login_session"),
  `create policy sign_in on login_account using (for_sign_in())`,
  `create policy sign_in on login_verification using (for_sign_in())`,
  `create policy seen on role for select using (for_sign_in() or organization_id is null or organization_id = current_organization())`,
  `create policy made on role for insert with check (organization_id = current_organization())`,
  `create policy seen on role_permission for select using (exists (select from role where role.id = role_id))`,
  `create policy made on role_permission for insert with check (exists (select from role where role.id = role_id and organization_id = current_organization()))`,
];
