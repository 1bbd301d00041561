/** The roles that the migration `202611251400` adds, one for each actor; and what it adds to the administrator. History, as in `first-roles.ts`. */
const field = ["device-type.view", "library.view", "meter.view", "ledger.view"];
const viewing = [...field, "program.view"];
const administering = ["people.view", "people.invite", "people.update", "role.view", "role.create"];
const all = [...viewing, "program.create", "library.receive", "meter.register", "meter.read", "meter.program", ...administering];

export const addedToAdministrator = administering;

export const actorsRoles = [
  { name: "site-operator", title: "Site operator", ownerOnly: true, permissions: [...all, "organization.view", "organization.create"] },
  { name: "security-officer", title: "Security officer", permissions: administering },
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
