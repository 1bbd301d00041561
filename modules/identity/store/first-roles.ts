/** The roles as the first migration put them into databases. History: what a role is today comes from later migrations. */
const viewing = ["device-type.view", "program.view", "library.view", "meter.view", "ledger.view"];

export const firstRoles = [
  { name: "administrator", title: "Administrator", permissions: [...viewing, "program.create", "library.receive", "meter.register", "meter.read", "meter.program"] },
  { name: "rate-analyst", title: "Rate analyst", permissions: [...viewing, "program.create"] },
  { name: "metering", title: "Metering department", permissions: [...viewing, "library.receive", "meter.register", "meter.read", "meter.program"] },
  { name: "viewer", title: "Viewer", permissions: viewing },
] as const;
