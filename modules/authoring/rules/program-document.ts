import { toHex } from "@metersmith/base/bytes";
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
  return {
    format: "metersmith-program/1",
    code,
    version,
    name,
    deviceType: build.deviceType,
    parameters,
    tariff: { file, name: tariffName, utility, ...(uri === undefined ? {} : { source: uri }) },
    staysInBilling: origin.staysInBilling.map(({ field, what }) => ({ field, message: what })),
    warnings: origin.findings.map(({ field, message }) => ({ field, message })),
    build: { digest: build.digest, writes: build.writes.map(imageOf), checks: build.checks.map(imageOf) },
  };
}

function imageOf({ table, name, bytes, mask }: Build["writes"][number]): ProgramDocument["build"]["writes"][number] {
  return { table, name, bytes: toHex(bytes), mask: toHex(mask) };
}

/**
 * Builds a document's program again from its parameters. The images in the document are for people and for comparison: what is
 * written to a meter is always what this gives.
 */
export function rebuild(document: ProgramDocument, deviceType: DeviceType): { readonly build: Build; readonly parameters: Parameters } {
  const parsed = parametersSchema.safeParse(document.parameters);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const field = ["parameters", ...(first?.path ?? [])].join(".");
    throw new Failure("input", "parameters-invalid", `${document.code} v${document.version}: ${field}: ${first?.message ?? "not parameters"}`, { field });
  }
  return { build: buildProgram(deviceType, parsed.data), parameters: parsed.data };
}

/** Which parameter became which octets. */
export function buildReport(build: Build): ProgramDetail["report"] {
  return build.report.map(({ parameter, table, field, offset, octets, value }) => ({ parameter, table, field, offset, octets, value }));
}
