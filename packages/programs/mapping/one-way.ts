/** What no meter's tables hold, so that it never comes back from one: names, sources, and what rules were made of. Device types add their own (`oneWay` of mapping.json). */
export const heldByNoTable: readonly { readonly parameter: string; readonly why: string }[] = [
  { parameter: "format", why: "Of the file." },
  { parameter: "program.name", why: "Tables keep the program's code and version." },
  { parameter: "tariff", why: "Where the program came from." },
  { parameter: "overcurrent.study", why: "Where the setting came from." },
  { parameter: "whereHeld", why: "Says what is to be left out." },
];
