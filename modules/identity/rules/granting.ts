import { permissions } from "./roles.ts";

/** A role as it is given to somebody. */
export interface GivenRole {
  readonly name: string;
  readonly ownerOnly: boolean;
  readonly permissions: readonly string[];
}

export interface Granter {
  readonly id: string;
  readonly permissions: ReadonlySet<string>;
  /** Whether the organization that runs the site is theirs. */
  readonly owner: boolean;
}

/** Why somebody may not give these roles to a person, in words; undefined where they may. Nobody gives what they have not. */
export function whyNotGive(granter: Granter, personId: string | undefined, roles: readonly GivenRole[]): string | undefined {
  if (personId === granter.id) return "Nobody changes their own roles. Ask a colleague.";
  for (const role of roles) {
    if (role.ownerOnly && !granter.owner) return `The role “${role.name}” is given only within the organization that runs this site.`;
    const beyond = beyondOf(granter, role.permissions);
    if (beyond !== undefined) return `The role “${role.name}” includes “${beyond}”, which you may not do yourself.`;
  }
  return undefined;
}

/** Why somebody may not make a role of these permissions. */
export function whyNotMake(granter: Granter, wanted: readonly string[]): string | undefined {
  const known: readonly string[] = permissions;
  const unknown = wanted.find((permission) => !known.includes(permission));
  if (unknown !== undefined) return `There is no permission “${unknown}”.`;
  const beyond = beyondOf(granter, wanted);
  return beyond === undefined ? undefined : `You may not do “${beyond}” yourself, so no role of yours gives it.`;
}

const beyondOf = (granter: Granter, wanted: readonly string[]): string | undefined => wanted.find((permission) => !granter.permissions.has(permission));

/** What only people do: a machine that could make accounts or rights would outlive every key that is taken from it. */
const forPeople = /^(people|role|machine|organization|audit)\./;

/** Why a machine may not have these roles. */
export function whyNotForMachine(roles: readonly GivenRole[]): string | undefined {
  for (const { name, permissions: held } of roles) {
    const forbidden = held.find((permission) => forPeople.test(permission));
    if (forbidden !== undefined) return `The role “${name}” includes “${forbidden}”, which only people do.`;
  }
  return undefined;
}
