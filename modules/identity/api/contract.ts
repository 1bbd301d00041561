import { isPlainText } from "@metersmith/base/plain-text";
import { z } from "zod";

const plainText = (longest: number) => z.string().trim().min(1).max(longest).refine(isPlainText, "text without control characters");
const email = z.string().max(254).toLowerCase().pipe(z.email());
const password = z.string().min(1).max(256);
const done = z.object({ done: z.literal(true) });
const roleName = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, "lowercase letters, digits and dashes, 2 to 40");

export const organizationFacts = z.object({ id: z.uuid(), slug: z.string(), name: z.string(), owner: z.boolean(), since: z.iso.datetime() });
export type OrganizationFacts = z.infer<typeof organizationFacts>;

/** What a signed-in person may do here. */
export const me = z.object({
  id: z.string(),
  kind: z.enum(["person", "machine"]),
  email: z.string(),
  name: z.string(),
  organization: organizationFacts.pick({ id: true, name: true, owner: true }),
  roles: z.array(z.string()),
  permissions: z.array(z.string()),
});
export type Me = z.infer<typeof me>;

/** Which site this is, for people not yet signed in too. */
export const siteFacts = z.object({
  kind: z.enum(["manufacturer", "utility"]),
  name: z.string(),
  slug: z.string(),
  modules: z.array(z.string()),
  version: z.string(),
});
export type SiteFacts = z.infer<typeof siteFacts>;

/** `invited`: has not chosen a password yet. */
export const person = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  state: z.enum(["invited", "active", "disabled"]),
  /** Whether a code is asked for after the password. */
  secondFactor: z.boolean(),
  since: z.iso.datetime(),
});
export type Person = z.infer<typeof person>;

// Strict: a field that is not offered is refused, not ignored; nobody sets their organization or state this way.
export const invitePerson = z.strictObject({ email, name: plainText(100), roles: z.array(roleName).max(20) });
export type InvitePerson = z.infer<typeof invitePerson>;

/** The token is shown once; whoever has it chooses the person's password. */
export const invited = z.object({ person, token: z.string(), expiresAt: z.iso.datetime() });
export type Invited = z.infer<typeof invited>;

/** Why, where who does it says so; it goes on record with the action. */
const reason = plainText(500).optional();

export const giveRoles = z.strictObject({ roles: z.array(roleName).max(20), reason });
export const letIn = z.strictObject({ state: z.enum(["active", "disabled"]), reason });
export const acceptInvitation = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{32}$/), password: z.string().min(12).max(256) });
export type AcceptInvitation = z.infer<typeof acceptInvitation>;

export const role = z.object({ name: z.string(), title: z.string(), builtIn: z.boolean(), permissions: z.array(z.string()) });
export type Role = z.infer<typeof role>;
export const makeRole = z.strictObject({ name: roleName, title: plainText(100), permissions: z.array(z.string().max(60)).max(200) });

export const makeOrganization = z.strictObject({
  slug: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "lowercase letters, digits and dashes, a letter first, 40 at most"),
  name: plainText(100),
  administrator: z.strictObject({ email, name: plainText(100) }),
});
export const madeOrganization = z.object({ organization: organizationFacts, administrator: invited });

// Signing in. Cookies carry the session; no body ever does.
export const signInByPassword = z.strictObject({ email, password });
/** `next: "code"`: the password was right, and a code of the second factor is asked for. */
export const signInAnswer = z.object({ done: z.boolean(), next: z.literal("code").optional() });
export type SignInAnswer = z.infer<typeof signInAnswer>;
/** Six digits from the device, or one of the backup codes. */
export const signInCode = z.strictObject({ code: z.string().trim().regex(/^(\d{6}|[A-Za-z0-9]{5}-[A-Za-z0-9]{5})$/, "six digits, or a backup code") });
export const plainDone = done;

export const askRecovery = z.strictObject({ email });
/** The token is the part of the letter's link behind the `#`. */
export const recover = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/), password });

/** WebAuthn's own JSON (Level 3, §5.1.8 to §5.1.10), between `navigator.credentials` and the site. */
export const publicKeyOptions = z.record(z.string(), z.unknown());
export const publicKeyCredential = z.looseObject({ id: z.string().max(1400), rawId: z.string().max(1400), type: z.literal("public-key"), response: z.record(z.string(), z.unknown()) });
export const signInByPasskey = z.strictObject({ credential: publicKeyCredential });
export const addPasskey = z.strictObject({ name: plainText(60), credential: publicKeyCredential });
export const passkeyFacts = z.object({ id: z.uuid(), name: z.string(), since: z.iso.datetime() });
export type PasskeyFacts = z.infer<typeof passkeyFacts>;

/** How somebody signs in. */
export const ownSignIn = z.object({ secondFactor: z.boolean(), passkeys: z.array(passkeyFacts) });
export type OwnSignIn = z.infer<typeof ownSignIn>;
export const changePassword = z.strictObject({ current: password, next: password });
export const withPassword = z.strictObject({ password });
/** `uri` (otpauth:) goes into the device, as a QR code or by hand. Both are shown once. */
export const newSecondFactor = z.object({ uri: z.string(), backupCodes: z.array(z.string()) });
export type NewSecondFactor = z.infer<typeof newSecondFactor>;
export const backupCodes = z.object({ backupCodes: z.array(z.string()) });

/** Where somebody is signed in. `expiresAt` moves on with every request, up to twelve hours after the sign-in. */
export const loginSession = z.object({
  id: z.uuid(),
  since: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  address: z.string().nullable(),
  agent: z.string().nullable(),
  /** The one that asks. */
  current: z.boolean(),
});
export type LoginSession = z.infer<typeof loginSession>;
export const loginSessions = z.object({ items: z.array(loginSession), after: z.null() });
export const endedSessions = z.object({ ended: z.int() });

// Machines: service identities that sign in by a key of their own (RFC 7523) and carry a token for ten minutes.
/** The public half only: any member more, the private one before all, is refused. RFC 8037. */
export const publicJwk = z.strictObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
export const machineKey = z.object({
  id: z.uuid(),
  /** RFC 7638 with SHA-256: the `kid` of what the machine signs. */
  thumbprint: z.string(),
  since: z.iso.datetime(),
  /** When its overlap with the key after it ends; null: with its revocation. */
  expiresAt: z.iso.datetime().nullable(),
});
/** Its id is its `client_id`. */
export const machine = z.object({
  id: z.uuid(),
  name: z.string(),
  roles: z.array(z.string()),
  state: z.enum(["active", "disabled"]),
  since: z.iso.datetime(),
  keys: z.array(machineKey),
});
export type Machine = z.infer<typeof machine>;
export const makeMachine = z.strictObject({ name: plainText(60), roles: z.array(roleName).max(20), publicKey: publicJwk });
/** The keys before it go on for so long, a week at most. */
export const addMachineKey = z.strictObject({ publicKey: publicJwk, overlapMinutes: z.int().min(0).max(7 * 24 * 60) });
/** RFC 6749 §4.4 with RFC 7523 §2.2, as a form. */
export const askToken = z.strictObject({
  grant_type: z.literal("client_credentials"),
  client_id: z.uuid().optional(),
  client_assertion_type: z.literal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
  client_assertion: z.string().max(2000),
});
export const givenToken = z.object({ access_token: z.string(), token_type: z.literal("Bearer"), expires_in: z.int() });
