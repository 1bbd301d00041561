import type { Generated, GeneratedAlways } from "kysely";

export interface IdentityTables {
  organization: { id: Generated<string>; slug: string; name: string; is_owner: Generated<boolean>; created_at: Generated<Date> };
  person: {
    id: Generated<string>;
    name: string;
    email: string;
    email_verified: Generated<boolean>;
    organization_id: Generated<string>;
    disabled_at: Date | null;
    two_factor_enabled: Generated<boolean>;
    created_at: Generated<Date>;
  };
  invitation: { person_id: string; token_digest: string; expires_at: Date };
  login_account: { id: GeneratedAlways<string>; person_id: string; provider_id: string; account_id: string; password: string | null };
  login_session: { id: GeneratedAlways<string>; person_id: string; created_at: Generated<Date>; expires_at: Date; ip_address: string | null; user_agent: string | null };
  second_factor: { id: GeneratedAlways<string>; person_id: string };
  used_code: { person_id: string; code_digest: string; used_at: Date };
  passkey: { id: GeneratedAlways<string>; person_id: string; name: string | null; created_at: Generated<Date> };
  sign_in_failure: { subject: string; failures: number; last_at: Date };
  machine: { id: GeneratedAlways<string>; organization_id: string; name: string; created_at: Generated<Date>; disabled_at: Date | null };
  machine_role: { machine_id: string; role_id: string };
  machine_key: { id: GeneratedAlways<string>; machine_id: string; public_key: string; thumbprint: string; created_at: Generated<Date>; expires_at: Date | null };
  machine_assertion: { machine_id: string; jti_digest: string; expires_at: Date };
  machine_token: { token_digest: string; machine_id: string; key_id: string; expires_at: Date };
  role: { id: GeneratedAlways<string>; name: string; title: string; organization_id: string | null; owner_only: Generated<boolean> };
  role_permission: { role_id: string; permission: string };
  person_role: { person_id: string; role_id: string };
}
