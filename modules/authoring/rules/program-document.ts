import { toHex } from "@metersmith/base/bytes";
import { digestOfValue } from "@metersmith/base/digest";
import { Failure } from "@metersmith/base/errors";
import { type Build, buildProgram, type BillingNote, type DeviceType, type Finding, type Parameters, parametersSchema } from "@metersmith/programs";
import type { ProgramDetail, ProgramDocument } from "../api/contract.ts";

/** Where a program's parameters came from, for people. */
export interface ProgramOrigin {
  readonly staysInBilling: readonly BillingNote[];
  readonly findings: readonly Finding[];
}

/** A build and what it was made from, as the document that travels between sites. */
export function programDocumentOf(build: Build, parameters: Parameters, origin: ProgramOrigin): ProgramDocument {
  const { code, version, name } = parameters.program;
  const { file, name: tariffName, utility, uri } = parameters.tariff;
  return sealed({
    format: "metersmith-program/1",
    code,
    version,
    name,
    deviceType: build.deviceType,
    parameters,
    tariff: { file, name: tariffName, utility, ...(uri === undefined ? {} : { source: uri }) },
    staysInBilling: origin.staysInBilling.map(({ field, what }) => ({ field, message: oneLine(what) })),
    warnings: origin.findings.map(({ field, message }) => ({ field, message: oneLine(message) })),
    build: { digest: build.digest, writes: build.writes.map(imageOf), checks: build.checks.map(imageOf) },
  });
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").slice(0, 2000);

/** With the digest over all the rest: names and notes decide what people believe of a program, not only its octets. */
function sealed(content: Omit<ProgramDocument, "digest">): ProgramDocument {
  return { ...content, digest: digestOfValue(content) };
}

function imageOf({ table, name, bytes, mask }: Build["writes"][number]): ProgramDocument["build"]["writes"][number] {
  return { table, name, bytes: toHex(bytes), mask: toHex(mask) };
}

/** A document's parameters, held against their schema: it may have come from anywhere. */
export function parametersIn({ code, version, parameters }: ProgramDocument): Parameters {
  const parsed = parametersSchema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const field = ["parameters", ...(first?.path ?? [])].join(".");
  throw new Failure("input", "parameters-invalid", `${code} v${version}: ${field}: ${first?.message ?? "not parameters"}`, { field });
}

/**
 * Builds a document's program again from its parameters. The images in the document are for people and for comparison: what is
 * written to a meter is always what this gives.
 */
export function rebuild(document: ProgramDocument, deviceType: DeviceType): { readonly build: Build; readonly parameters: Parameters } {
  const parameters = parametersIn(document);
  return { build: buildProgram(deviceType, parameters), parameters };
}

/**
 * Builds a document's program again and says what in the document is not as it was made; empty where it is whole. Whoever alters a
 * document can also make its digest anew: that it comes from its author is for a signature to tell, which documents do not carry yet.
 */
export function verifyDocument(
  document: ProgramDocument,
  deviceType: DeviceType,
): { readonly build: Build; readonly parameters: Parameters; readonly alterations: readonly string[] } {
  const { build, parameters } = rebuild(document, deviceType);
  const own = programDocumentOf(build, parameters, {
    staysInBilling: document.staysInBilling.map(({ field, message }) => ({ field, what: message })),
    findings: document.warnings.map((note) => ({ severity: "warning", ...note })),
  });
  const alterations: string[] = [];
  for (const part of documentParts) {
    if (digestOfValue(own[part]) !== digestOfValue(document[part])) alterations.push(`${part} is not what its parameters build to here`);
  }
  const { digest, ...content } = document;
  if (digestOfValue(content) !== digest) alterations.push("its content is not that of its digest");
  return { build, parameters, alterations };
}

const documentParts = ["code", "version", "name", "deviceType", "tariff", "build"] as const;

/** Which parameter became which octets. */
export function buildReport(build: Build): ProgramDetail["report"] {
  return build.report.map(({ parameter, table, field, offset, octets, value }) => ({ parameter, table, field, offset, octets, value }));
}
