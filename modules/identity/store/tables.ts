import type { GeneratedAlways } from "kysely";

export interface IdentityTables {
  person: { id: GeneratedAlways<string>; name: string; email: string };
  role: { id: GeneratedAlways<string>; name: string; title: string };
  role_permission: { role_id: string; permission: string };
  person_role: { person_id: string; role_id: string };
}
