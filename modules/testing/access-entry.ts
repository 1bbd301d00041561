import { randomUUID } from "node:crypto";
import type { Method } from "./site-under-test.ts";

/** Things of one organization, by which a request can name them. */
export interface Belongings {
  readonly program: string;
  /** Somebody who is signed in, with a session and a passkey. */
  readonly person: string;
  readonly loginSession: string;
  readonly passkey: string;
  readonly machine: string;
  readonly machineKey: string;
  readonly libraryProgram: string;
  readonly meter: string;
  readonly session: string;
}

/** Ids that nobody has. */
export const nobodys = (): Belongings => ({
  program: randomUUID(),
  person: randomUUID(),
  loginSession: randomUUID(),
  passkey: randomUUID(),
  machine: randomUUID(),
  machineKey: randomUUID(),
  libraryProgram: randomUUID(),
  meter: randomUUID(),
  session: randomUUID(),
});

/** A request to a route; its number makes what must be unique so. */
export type Ask = (of: Belongings, number: number) => { readonly path: string; readonly body?: unknown; readonly headers?: Record<string, string> };

/**
 * One route: who may use it, written down by hand as the reviewed intent, apart from the permissions that enforce it. A test walks the
 * table with real requests and fails where a route of a site has no entry, or an entry no route.
 */
export interface AccessEntry {
  readonly route: `${Method} ${string}`;
  /** `people`: whoever is signed in and no machine. */
  readonly who: "anybody" | "signed in" | "people" | readonly string[];
  readonly ask: Ask;
  /** What those who may are answered, for what is theirs. One of them, where it depends on what went before. */
  readonly answers: readonly number[];
  /** What they are answered, of other organizations' ids and of ids that nobody has, alike. Undefined: the request names nothing. */
  readonly elsewhere?: number;
}
