/** What can be done here, as `resource.verb`. A route names one; a role is a set of them. */
export const permissions = [
  "device-type.view",
  "device-type.receive",
  "device-type.withdraw",
  "program.view",
  "program.create",
  "library.view",
  "library.receive",
  "meter.view",
  "meter.register",
  "meter.read",
  "meter.program",
  "ledger.view",
  "people.view",
  "people.invite",
  "people.update",
  "role.view",
  "role.create",
  "machine.view",
  "machine.create",
  "machine.update",
  "organization.view",
  "organization.create",
  "audit.view",
  "audit.export",
] as const;

export type Permission = (typeof permissions)[number];

export interface BuiltInRole {
  readonly name: string;
  readonly title: string;
  /** Given only within the organization that runs the site. */
  readonly ownerOnly?: true;
  readonly permissions: readonly Permission[];
}

const field = ["device-type.view", "library.view", "meter.view", "ledger.view"] as const;
const programs = ["device-type.view", "program.view"] as const;
const viewing = [...programs, "library.view", "meter.view", "ledger.view"] as const;
const administering = ["people.view", "people.invite", "people.update", "role.view", "role.create", "machine.view", "machine.create", "machine.update", "audit.view", "audit.export"] as const;

/**
 * The roles that every site has, one for each actor of the requirements (ACT-1); a site's organizations add their own. The database
 * has them from its migrations: this list says what they must come to, and a test holds the two against each other.
 * An actor whose routes are still to come has its role without permissions: nothing is given ahead.
 */
export const builtInRoles: readonly BuiltInRole[] = [
  { name: "site-operator", title: "Site operator", ownerOnly: true, permissions },
  { name: "administrator", title: "Administrator", permissions: permissions.filter((permission) => !permission.startsWith("organization.")) },
  { name: "security-officer", title: "Security officer", permissions: administering },
  { name: "rate-analyst", title: "Rate analyst", permissions: [...viewing, "program.create"] },
  { name: "metering", title: "Metering department", permissions: [...viewing, "library.receive", "meter.register", "meter.read", "meter.program"] },
  { name: "viewer", title: "Viewer", permissions: viewing },
  { name: "meter-shop", title: "Meter shop", permissions: [...viewing, "meter.register", "meter.read", "meter.program"] },
  { name: "meter-technician", title: "Meter technician", permissions: [...field, "meter.read"] },
  { name: "installer", title: "Installer", permissions: [...field, "meter.register", "meter.read"] },
  { name: "maintenance-analyst", title: "Construction maintenance accountant or analyst", permissions: field },
  { name: "maintenance-planning", title: "Maintenance planning", permissions: field },
  { name: "dispatcher", title: "Dispatcher", permissions: [...field, "meter.read"] },
  { name: "revenue-protection", title: "Revenue protection", permissions: [...field, "meter.read"] },
  { name: "customer-representative", title: "Customer representative", permissions: ["meter.view", "library.view"] },
  { name: "ami-system", title: "AMI system", permissions: [...field, "meter.register", "meter.read", "meter.program"] },
  { name: "field-tool", title: "Field tool", permissions: ["device-type.view", "library.view"] },
  { name: "concentrator", title: "Data center concentrator", permissions: [] },
  { name: "data-retriever", title: "Data retriever, bulk", permissions: ["meter.view", "ledger.view"] },
  { name: "mdms", title: "Meter data management system", permissions: ["meter.view", "ledger.view"] },
  { name: "mdms-technician", title: "Technician of the meter data management system", permissions: ["meter.view", "ledger.view"] },
  { name: "third-party", title: "Third party, meters granted to it", permissions: [] },
  { name: "customer", title: "Customer", permissions: [] },
];
