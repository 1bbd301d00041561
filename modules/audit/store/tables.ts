import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from "kysely";

type Never<Type> = ColumnType<Type, Type, never>;

/** Nothing of the record is updated; the types say so before the database does. */
export interface AuditTables {
  audit_entry: {
    id: GeneratedAlways<string>;
    public_id: GeneratedAlways<string>;
    organization_id: ColumnType<string, string | undefined, never>;
    at: GeneratedAlways<Date>;
    actor_kind: Never<"person" | "machine" | "site">;
    actor_id: Never<string>;
    actor_name: Never<string>;
    roles: Never<string[]>;
    address: Never<string | null>;
    session: Never<string | null>;
    verb: Never<string>;
    object_kind: Never<string>;
    object_id: Never<string>;
    object_name: Never<string | null>;
    digest: Never<string | null>;
    reason: Never<string | null>;
    facts: JSONColumnType<Record<string, string>, string, never>;
  };
  audit_seal: {
    organization_id: Never<string>;
    number: Never<string>;
    first_position: Never<string>;
    entries: Never<number>;
    root: Never<string>;
    previous: Never<string | null>;
    at: Never<Date>;
    key_id: Never<string>;
    signature: Never<string>;
  };
  audit_leaf: { organization_id: Never<string>; position: Never<string>; entry_id: Never<string>; digest: Never<string>; seal_number: Never<string> };
  audit_waiting: { entry_id: GeneratedAlways<string>; organization_id: GeneratedAlways<string> };
  audit_key: { id: string; public_key: string; sealed_secret: string; made_at: Generated<Date> };
  /** Identity's; read here to name whose record it is. */
  organization: { id: GeneratedAlways<string>; slug: string; name: string };
}
