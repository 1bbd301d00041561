/** The four roles that every repository has. */
export const topRoles = ["root", "targets", "snapshot", "timestamp"] as const;
export type TopRole = (typeof topRoles)[number];

/** Names of delegated roles: they are parts of file names, so nothing in them has a meaning to a file system or a server. Ours. */
export const delegatedName = /^[a-z][a-z0-9-]{0,47}$/;

export function isTopRole(name: string): name is TopRole {
  return (topRoles as readonly string[]).includes(name);
}
