/** Who is asking, and what they may do. */
export interface Principal {
  readonly kind: "person" | "machine";
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** `resource.verb`, e.g. `meter.program`. */
  readonly permissions: ReadonlySet<string>;
  readonly organization: Organization;
  /** Id of the sign-in session that the request came with; a machine that signs each request has none. */
  readonly session?: string;
}

/** For whom somebody works: the organization that runs the site, or one that it hosts. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  /** Whether it is the one that runs the site. */
  readonly owner: boolean;
}

/** Tells who sent a request, by its headers. Null where nobody is signed in. */
export interface Authenticator {
  principalOf(headers: Headers): Promise<Principal | null>;
}

/** Every route says who may use it; the site refuses to start with a route that does not. */
export type RouteAccess = { readonly permission: string } | { readonly signedIn: true | "person" } | { readonly open: true };

declare module "fastify" {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
  interface FastifyRequest {
    principal: Principal | null;
  }
}
