import { openDatabase } from "@metersmith/postgres/pool";
import type { Principal } from "@metersmith/site/principal";
import type { SiteModule } from "@metersmith/site/site-module";
import { version } from "@metersmith/site/version";
import { me, siteFacts } from "./api/contract.ts";
import { ensureFirstLogins } from "./api/first-logins.ts";
import { addInvitationRoute } from "./api/invitation-route.ts";
import { addOrganizationRoutes } from "./api/organization-routes.ts";
import { addPeopleRoutes } from "./api/people-routes.ts";
import { addRoleRoutes } from "./api/role-routes.ts";
import { signIn } from "./api/sign-in.ts";
import { addSignInRoutes } from "./api/sign-in-routes.ts";
import { signedIn } from "./api/signed-in.ts";
import { identityMigrations } from "./store/migrations.ts";
import { nameOwner } from "./store/organizations.ts";
import { rightsOf } from "./store/principals.ts";
import type { IdentityTables } from "./store/tables.ts";

/** Who somebody is has to be known before a request has a transaction on their behalf, so sign-in has connections of its own. */
const SIGN_IN_CONNECTIONS = 4;

/** Who may do what: people, roles, sign-in. `modules` names what this site mounts, for the console's navigation. */
export function identityModule(mounted: readonly string[]): SiteModule {
  return {
    name: "identity",
    migrations: identityMigrations,
    async mount(context) {
      const { server, config } = context;
      const db = openDatabase<IdentityTables>(forSignIn(config.databaseUrl), SIGN_IN_CONNECTIONS);
      server.addHook("onClose", () => db.destroy());
      const auth = signIn(context, db);
      await nameOwner(db, config.name);
      await ensureFirstLogins(auth, db, config.logins);

      addSignInRoutes(context, auth);
      addInvitationRoute(context, auth, db);
      addPeopleRoutes(context);
      addRoleRoutes(server);
      addOrganizationRoutes(context);

      server.get("/api/v1/site", { config: { access: { open: true } }, schema: { response: { 200: siteFacts } } }, () => ({
        kind: config.kind,
        name: config.name,
        slug: config.slug,
        modules: [...mounted],
        version,
      }));

      server.get("/api/v1/me", { config: { access: { signedIn: true } }, schema: { response: { 200: me } } }, (request) => {
        const { id, kind, email, name, organization, roles, permissions } = signedIn(request);
        return { id, kind, email, name, organization, roles: [...roles], permissions: [...permissions].sort() };
      });

      return {
        authenticator: {
          async principalOf(headers): Promise<Principal | null> {
            const found = await auth.api.getSession({ headers });
            if (!found) return null;
            const { id, email, name } = found.user;
            const rights = await rightsOf(db, id);
            return rights ? { kind: "person", id, email, name, session: found.session.id, ...rights } : null;
          },
        },
      };
    },
  };
}

/** The policies of the database let these connections see whom they ask for before it is known whose people they are. */
function forSignIn(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set("options", "-c metersmith.purpose=sign-in");
  return url.href;
}
