/**
 * Sign-in works on connections of its own, before anybody is known, through a library that opens its own transactions. What it changes
 * is put on record by the database itself, in the same transaction whatever way it came. Only there: everywhere else the site does it.
 *
 * `audit_sign_in('table')` is for migrations of whoever makes another table of credentials; the table has a `person_id`.
 */
export const signInTriggers: readonly string[] = [
  `create function audit_sign_in_change() returns trigger security definer set search_path = public language plpgsql as $$
   declare
     changed jsonb := to_jsonb(coalesce(new, old));
     whom person;
     said text;
     kind text := 'site';
     facts jsonb := '{}';
   begin
     if not for_sign_in() then return null; end if;
     if tg_table_name = 'organization' then
       insert into audit_entry (organization_id, actor_kind, actor_id, actor_name, roles, verb, object_kind, object_id, object_name)
       values ((changed ->> 'id')::uuid, 'site', 'site', 'site', '{}', 'organization.' || lower(tg_op), 'organization', changed ->> 'id', changed ->> 'name');
       return null;
     end if;
     select * into whom from person where id = coalesce(changed ->> 'person_id', changed ->> 'id')::uuid;
     said := case tg_op when 'INSERT' then 'make' when 'UPDATE' then 'change' else 'remove' end;
     if tg_table_name = 'login_session' then
       kind := 'person';
       said := case when tg_op = 'INSERT' then 'session.begin' when (changed ->> 'expires_at')::timestamptz < now() then 'session.expire' else 'session.end' end;
       if said = 'session.expire' then kind := 'site'; end if;
       facts := jsonb_build_object('client', left(coalesce(changed ->> 'user_agent', ''), 200));
     elsif tg_table_name = 'person_role' then
       facts := jsonb_build_object('role', coalesce((select name from role where id = (changed ->> 'role_id')::bigint), ''));
       said := 'person-role.' || said;
     else
       if tg_table_name = 'login_account' then facts := jsonb_build_object('provider', changed ->> 'provider_id'); end if;
       said := case tg_table_name when 'login_account' then 'credential' else replace(tg_table_name, '_', '-') end || '.' || said;
     end if;
     insert into audit_entry (organization_id, actor_kind, actor_id, actor_name, roles, address, session, verb, object_kind, object_id, object_name, facts)
     values (
       coalesce(whom.organization_id, owner_organization()),
       kind, case kind when 'person' then changed ->> 'person_id' else 'site' end, case kind when 'person' then coalesce(whom.email, '') else 'site' end, '{}',
       case when tg_table_name = 'login_session' then changed ->> 'ip_address' end,
       case when tg_table_name = 'login_session' then changed ->> 'id' end,
       said, case when tg_table_name = 'login_session' then 'session' else 'person' end,
       case when tg_table_name = 'login_session' then changed ->> 'id' else coalesce(changed ->> 'person_id', changed ->> 'id') end,
       coalesce(whom.email, changed ->> 'email'), facts
     );
     return null;
   end $$`,
  `create function audit_sign_in(credentials regclass) returns void language plpgsql as $$
   begin
     execute format('create trigger audit_sign_in after insert or update or delete on %s for each row execute function audit_sign_in_change()', credentials);
   end $$`,
  // A session's expiry moves with every use; that is no action.
  `create trigger audit_sign_in after insert or delete on login_session for each row execute function audit_sign_in_change()`,
  `select audit_sign_in('login_account')`,
  `select audit_sign_in('person_role')`,
  `select audit_sign_in('invitation')`,
  `create trigger audit_sign_in after insert or delete on person for each row execute function audit_sign_in_change()`,
  `create trigger audit_sign_in_change after update of name, email, disabled_at, organization_id on person for each row execute function audit_sign_in_change()`,
  `create trigger audit_sign_in after insert or update or delete on organization for each row execute function audit_sign_in_change()`,
];
