import type { BitRange, Field, Member, TdlDocument, TypeDefinition } from "./model.ts";

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Definitions as TDL XML that is valid by `tdl.xsd`; `parseTdl` reads it back to an equal document. */
export function tdlXml({ types, enumerations, tables, procedures, undescribed = [] }: TdlDocument): string {
  const lines = [
    ...types.flatMap((type) => typeXml(type)),
    ...enumerations.flatMap(({ values, ...of }) => element("enumeration", of, values.flatMap((value) => element("value", { ...value })))),
    ...tables.flatMap((table) => element("table", { ...table })),
    ...procedures.flatMap((procedure) => element("procedure", { ...procedure })),
    ...undescribed.flatMap((entry) => element("undescribed", { ...entry })),
  ];
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<tdl xmlns="urn:metersmith:tdl:1">', ...lines.map((line) => `  ${line}`), "</tdl>", ""].join("\n");
}

function typeXml(type: TypeDefinition): string[] {
  const { kind, members, ...of } = type;
  return element(kind === "record" ? "packedRecord" : "bitField", of, members.flatMap((member) => memberXml(member)));
}

function memberXml(member: Member<Field> | Member<BitRange>): string[] {
  const inner = (members: readonly (Member<Field> | Member<BitRange>)[]): string[] => members.flatMap((one) => memberXml(one));
  switch (member.kind) {
    case "if":
      return element("if", { test: member.test }, [...inner(member.then), ...(member.else === undefined ? [] : element("else", {}, inner(member.else)))]);
    case "switch": {
      const cases = member.cases.flatMap((choice) => element("case", { values: choice.values.join(" ") }, inner(choice.members)));
      return element("switch", { on: member.on }, [...cases, ...(member.default === undefined ? [] : element("default", {}, inner(member.default)))]);
    }
    case "field": {
      const { kind: _, ...of } = member;
      return element("field", of);
    }
    case "bit-range": {
      const { kind: _, type, first, last, ...of } = member;
      return type === "BOOL" ? element("bool", { bit: first, ...of }) : element("uint", { first, last, ...of });
    }
  }
}

/** The one place where text becomes XML. */
function element(name: string, attributes: Attributes, inner: readonly string[] = []): string[] {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const opened = [name, ...given.map(([key, value]) => `${key}="${escaped(String(value))}"`)].join(" ");
  return inner.length === 0 ? [`<${opened}/>`] : [`<${opened}>`, ...inner.map((line) => `  ${line}`), `</${name}>`];
}

function escaped(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
