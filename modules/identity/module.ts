import type { Clock } from "@metersmith/base/clock";
import type { Mail } from "@metersmith/base/mail";
import { openMail } from "@metersmith/node/mail";
import { openDatabase } from "@metersmith/postgres/pool";
import type { SiteContext, SiteModule } from "@metersmith/site/site-module";
import { version } from "@metersmith/site/version";
import { me, siteFacts } from "./api/contract.ts";
import { addMachineRoutes } from "./api/machines/machine-routes.ts";
import { addTokenRoute, machineSignedIn } from "./api/machines/token-route.ts";
import { addInvitationRoute } from "./api/people/invitation-route.ts";
import { addOrganizationRoutes } from "./api/people/organization-routes.ts";
import { addPeopleRoutes } from "./api/people/people-routes.ts";
import { addRoleRoutes } from "./api/people/role-routes.ts";
import { attemptsIn } from "./api/sign-in/attempts.ts";
import { type PasswordHashing, signInEngine } from "./api/sign-in/engine.ts";
import { ensureFirstLogins } from "./api/sign-in/first-logins.ts";
import { knownDevice } from "./api/sign-in/known-device.ts";
import { addPasskeyRoutes } from "./api/sign-in/passkey-routes.ts";
import { addPasswordRoutes } from "./api/sign-in/password-routes.ts";
import { personSignedIn } from "./api/sign-in/person-signed-in.ts";
import { addRecoveryRoutes, recoveryLetter } from "./api/sign-in/recovery-routes.ts";
import { addSecondFactorRoutes } from "./api/sign-in/second-factor-routes.ts";
import { addSessionRoutes } from "./api/sign-in/session-routes.ts";
import type { SignInContext } from "./api/sign-in/sign-in-context.ts";
import { signedIn } from "./api/signed-in.ts";
import { identityMigrations } from "./store/migrations.ts";
import { nameOwner } from "./store/organizations.ts";
import type { IdentityTables } from "./store/tables.ts";

/** Who somebody is has to be known before a request has a transaction on their behalf, so sign-in has connections of its own. */
const SIGN_IN_CONNECTIONS = 4;

/** What stands for the outside world in tests; the site's configuration says what it is otherwise. */
export interface IdentityPorts {
  readonly mail?: Mail;
  readonly hashing?: PasswordHashing;
  /** By which attempts that failed delay the next; the site's clock otherwise. */
  readonly attemptsClock?: Clock;
}

/** Who may do what: people, roles, sign-in. `modules` names what this site mounts, for the console's navigation. */
export function identityModule(mounted: readonly string[], ports: IdentityPorts = {}): SiteModule {
  return {
    name: "identity",
    migrations: identityMigrations,
    async mount(context) {
      const { server, config } = context;
      const db = openDatabase<IdentityTables>(forSignIn(config.databaseUrl), SIGN_IN_CONNECTIONS);
      server.addHook("onClose", () => db.destroy());
      const signIn = signInContext(context, db, ports);
      await nameOwner(db, config.name);
      await ensureFirstLogins(signIn.auth, db, config.logins);

      addPasswordRoutes(signIn);
      addSecondFactorRoutes(signIn);
      addPasskeyRoutes(signIn);
      addRecoveryRoutes(signIn);
      addSessionRoutes(context);
      addInvitationRoute(signIn);
      addPeopleRoutes(context);
      addRoleRoutes(server);
      addOrganizationRoutes(context);
      addMachineRoutes(context);
      await addTokenRoute(signIn);

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
          async principalOf(headers) {
            const machine = await machineSignedIn(signIn, headers);
            if (machine === undefined) return personSignedIn(signIn, headers);
            // A token and a cookie: which of the two meant it, nobody can say.
            return headers.has("cookie") ? null : machine;
          },
        },
      };
    },
  };
}

function signInContext({ server, config, clock, log, work }: SiteContext, db: SignInContext["db"], ports: IdentityPorts): SignInContext {
  const mail = ports.mail ?? (config.mail ? openMail(config.mail) : undefined);
  const engine = {
    async sendRecovery({ email }: { readonly email: string }, token: string): Promise<void> {
      if (mail) await mail.send(recoveryLetter(config, email, token));
      else log.warn("somebody asked for a new password, and this site has no mail to send it by");
    },
    ...(ports.hashing ? { hashing: ports.hashing } : {}),
  };
  return { server, config, clock, log, work, db, auth: signInEngine({ config, log }, db, engine), attempts: attemptsIn(db, ports.attemptsClock ?? clock), device: knownDevice(config) };
}

/** The policies of the database let these connections see whom they ask for before it is known whose people they are. */
function forSignIn(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set("options", "-c metersmith.purpose=sign-in");
  return url.href;
}
