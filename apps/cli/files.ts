import { createReadStream, existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Failure } from "@metersmith/base/errors";
import { programDocument, type ProgramDocument } from "@metersmith/modules/authoring/api/contract.ts";
import { readTextFolder } from "@metersmith/node/text-folder";
import { type DeviceType, parseJsonFile, readDeviceType } from "@metersmith/programs";
import { fileFailure } from "./failure.ts";

const OWN_TYPES = fileURLToPath(new URL("../../device-types", import.meta.url));
const TYPE_ID = /^[a-z0-9][a-z0-9-]{0,39}$/;
/** No file of ours comes near it; it bounds what a pipe or a device may bring. */
const MOST_OCTETS = 8 * 1024 * 1024;

/** A file's octets, at most `most`; `-` is standard input. @throws Failure that names the file. */
export async function readOctets(file: string, most = MOST_OCTETS): Promise<Buffer> {
  let content: Buffer;
  try {
    content = await buffer(createReadStream(file === "-" ? "/dev/stdin" : file, { end: most }));
  } catch (error) {
    throw fileFailure(error, file);
  }
  if (content.length > most) throw new Failure("input", "file", `${file}: it is larger than ${most} octets`, { file });
  return content;
}

export async function readText(file: string): Promise<string> {
  return (await readOctets(file)).toString("utf8");
}

export async function readJson(file: string): Promise<unknown> {
  return parseJsonFile(await readText(file), file);
}

export async function writeJson(file: string, content: unknown): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    // Writing makes the file: what is missing is the folder.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new Failure("input", "file", `${file}: the folder that it is to be in does not exist`, { file }, error);
    throw fileFailure(error, file);
  }
}

/** A device type as a person names it: by its id, or by its folder where the name is a path. */
export async function findDeviceType(nameOrFolder: string): Promise<DeviceType> {
  if (!/[./]/.test(nameOrFolder)) return deviceTypeOf(nameOrFolder);
  if (!existsSync(nameOrFolder)) throw unknownType(nameOrFolder);
  try {
    return readDeviceType(await readTextFolder(nameOrFolder));
  } catch (error) {
    throw fileFailure(error, nameOrFolder);
  }
}

/** One of our device types, by its id alone: what a document or a meter says is never taken for a path. */
export async function deviceTypeOf(id: string): Promise<DeviceType> {
  const folder = join(OWN_TYPES, id);
  if (!TYPE_ID.test(id) || !existsSync(folder)) throw unknownType(id);
  return readDeviceType(await readTextFolder(folder));
}

function unknownType(name: string): Failure {
  return new Failure("input", "device-type-unknown", `There is no device type “${name}”: give the name of a folder in ${OWN_TYPES}, or the path of another.`);
}

/** A program document as `program build --out` writes it and sites exchange it. */
export async function readProgram(file: string): Promise<ProgramDocument> {
  const parsed = programDocument.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new Failure("input", "program-invalid", `${file}: ${field === "" ? "" : `${field}: `}${issue?.message ?? "not a program document"}`, { file, field });
}
