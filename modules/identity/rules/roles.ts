/** What can be done here, as `resource.verb`. A route names one; a role is a set of them. */
export const permissions = [
  "device-type.view",
  "program.view",
  "program.create",
  "library.view",
  "library.receive",
  "meter.view",
  "meter.register",
  "meter.read",
  "meter.program",
  "ledger.view",
] as const;

export type Permission = (typeof permissions)[number];

export interface BuiltInRole {
  readonly name: string;
  readonly title: string;
  readonly permissions: readonly Permission[];
}

const viewing = permissions.filter((permission) => permission.endsWith(".view"));

/** Roles that every site starts with; kept in the database from then on, where a site may add its own (ACT-1, MFG-6). */
export const builtInRoles: readonly BuiltInRole[] = [
  { name: "administrator", title: "Administrator", permissions },
  { name: "rate-analyst", title: "Rate analyst", permissions: [...viewing, "program.create"] },
  { name: "metering", title: "Metering department", permissions: [...viewing, "library.receive", "meter.register", "meter.read", "meter.program"] },
  { name: "viewer", title: "Viewer", permissions: viewing },
];
