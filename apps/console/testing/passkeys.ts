import type { BrowserContext, Page } from "playwright-core";

/** An authenticator inside the browser, by its debugging protocol: it keeps keys, and is touched as soon as it is asked. */
export interface VirtualAuthenticator {
  /** Whether it verifies its holder by PIN or finger from now on. */
  verifies(whether: boolean): Promise<void>;
}

export async function virtualAuthenticator(context: BrowserContext, page: Page): Promise<VirtualAuthenticator> {
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } as const;
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", { options });
  return { verifies: async (isUserVerified) => void (await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified })) };
}

/** Makes a passkey for who is signed in, as a page does; the status of the site's answer. */
export function addPasskey(page: Page, name: string): Promise<number> {
  return page.evaluate(async (label) => {
    const ask = (path: string, body: unknown): Promise<Response> => fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    const options = (await (await ask("/api/v1/me/passkeys/options", {})).json()) as PublicKeyCredentialCreationOptionsJSON;
    const made = (await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })) as PublicKeyCredential;
    const { id, rawId, type, response } = made.toJSON() as RegistrationResponseJSON;
    return (await ask("/api/v1/me/passkeys", { name: label, credential: { id, rawId, type, response, clientExtensionResults: {} } })).status;
  }, name);
}

/** Signs in by it. `userVerification` overrides what the site asks for, as a page that was tampered with does. */
export function signInByPasskey(page: Page, userVerification?: "discouraged"): Promise<{ readonly status: number; readonly replayed: number }> {
  return page.evaluate(async (milder) => {
    const ask = (path: string, body: unknown): Promise<Response> => fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    const options = (await (await ask("/api/auth/sign-in/passkey/options", {})).json()) as PublicKeyCredentialRequestOptionsJSON;
    const asked = PublicKeyCredential.parseRequestOptionsFromJSON({ ...options, ...(milder === undefined ? {} : { userVerification: milder }) });
    const given = (await navigator.credentials.get({ publicKey: asked })) as PublicKeyCredential;
    const { id, rawId, type, response } = given.toJSON() as AuthenticationResponseJSON;
    const body = { credential: { id, rawId, type, response, clientExtensionResults: {} } };
    const { status } = await ask("/api/auth/sign-in/passkey", body);
    return { status, replayed: (await ask("/api/auth/sign-in/passkey", body)).status };
  }, userVerification);
}
