import type { Transaction } from "kysely";
import type { Actor } from "./work.ts";

/** One thing that was acted on. */
export interface Subject {
  /** What it is, e.g. `meter`. */
  readonly kind: string;
  /** Its public id, or another name that stays its own. */
  readonly id: string;
  /** As people call it. */
  readonly name?: string;
  /** `sha256:hex` of the content that was acted on, where there is one. */
  readonly digest?: string;
  /** What else has to be known to understand the action later. Never secrets. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** Something that was done, as it goes on record: who, from where, what, on what, why. When is the database's to say. */
export interface Action {
  readonly by: Actor;
  /** The account's name at that time: an e-mail address, a machine's name. */
  readonly byName: string;
  readonly roles: readonly string[];
  /** The client's network address, as the site's socket saw it. */
  readonly from?: string;
  /** Id of the sign-in session. */
  readonly session?: string;
  /** `resource.verb`, e.g. `meter.program`. */
  readonly verb: string;
  readonly subjects: readonly Subject[];
  readonly reason?: string;
}

/** Where actions go on record, in the transaction of the change itself: both are there or neither. Exactly one module of a site provides it. */
export interface ActionTrail {
  record(tx: Transaction<unknown>, action: Action): Promise<void>;
}

/**
 * What a route does, by name. A route of a method that may change something has to say it: without, the site does not start. A route
 * that says nothing has a transaction that may only read. `recordedBy` is for routes that are open to anybody, and so have no
 * transaction: it says what puts their action on record instead.
 */
export type RouteAction = string | { readonly recordedBy: string };

export const VERB = /^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/;

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/** What is wrong with what a route says of its action; undefined where nothing is. */
export function whyNotMount(method: string | readonly string[], action: RouteAction | undefined, open: boolean): string | undefined {
  const changes = [method].flat().some((one) => !READING.has(one));
  if (action === undefined) return changes ? "may change something and does not name its action (config.action)" : undefined;
  if (typeof action === "object") return open ? undefined : "has a transaction, so its action is recorded in it: name the verb";
  if (open) return "is open to anybody and has no transaction: say what records its action (config.action.recordedBy)";
  return VERB.test(action) ? undefined : `names its action “${action}”, which is no resource.verb`;
}

declare module "fastify" {
  interface FastifyContextConfig {
    action?: RouteAction;
  }
  interface FastifyRequest {
    /**
     * Says what the route's action was done on; it goes on record with the change. A route with an action that answers well without
     * having said so is undone and answers 500.
     */
    acted: (...subjects: Subject[]) => void;
    /** Why, in the words of who asks, where the route asks for it. */
    because: (reason: string | undefined) => void;
  }
}
