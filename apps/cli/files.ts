import { readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "@metersmith/base/errors";
import { programDocument, type ProgramDocument } from "@metersmith/modules/authoring/api/contract.ts";
import { readTextFolder } from "@metersmith/node/text-folder";
import { type DeviceType, parseJsonFile, readDeviceType } from "@metersmith/programs";

const OWN_TYPES = fileURLToPath(new URL("../../device-types", import.meta.url));

export async function readJson(file: string): Promise<unknown> {
  return parseJsonFile(await readFile(file, "utf8"), file);
}

export function writeJson(file: string, content: unknown): Promise<void> {
  return writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
}

/** A device type by its id, or by its folder where the name is a path. */
export async function findDeviceType(nameOrFolder: string): Promise<DeviceType> {
  const folder = /[./]/.test(nameOrFolder) ? nameOrFolder : join(OWN_TYPES, nameOrFolder);
  if (!existsSync(folder)) {
    throw new Failure("input", "device-type-unknown", `There is no device type ${nameOrFolder}: give the name of a folder in ${OWN_TYPES}, or a path.`);
  }
  return readDeviceType(await readTextFolder(folder));
}

/** A program document as `program build --out` writes it and sites exchange it. */
export async function readProgram(file: string): Promise<ProgramDocument> {
  const parsed = programDocument.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new Failure("input", "program-invalid", `${file}: ${field}: ${issue?.message ?? "not a program document"}`, { file, field });
}
