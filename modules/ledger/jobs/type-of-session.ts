import { Failure } from "@metersmith/base/errors";
import type { Build, DeviceType } from "@metersmith/programs";
import { rebuild } from "../../authoring/rules/program-document.ts";
import type { KeptProgram } from "../../library/api/contract.ts";
import type { SessionHost } from "./session-host.ts";

/** What a session needs of a device type: the type itself, and where it programs, the build for it. */
export interface SessionSubject {
  readonly deviceType: DeviceType;
  readonly program: { readonly build: Build; readonly key: string } | undefined;
}

/** A program is built with exactly the type that it was made with; a meter is read with the newest one. Throws a `Failure` where there is none, or where it was withdrawn. */
export async function subjectOf(programId: string | null, typeId: string, host: SessionHost): Promise<SessionSubject> {
  if (programId === null) return { deviceType: await newestType(typeId, host), program: undefined };
  const found = await host.work.read((tx) => host.programs.find(tx, programId));
  if (!found) throw new Failure("input", "program-unknown", "The program is not in the library any more.");
  const { id, version, digest } = found.document.deviceType;
  const exact = await host.work.read((tx) => host.deviceTypes.exactly(tx, digest));
  if (exact?.withdrawn) throw new Failure("input", "device-type-withdrawn", `${id} ${version}, which the program was built with, was withdrawn by ${exact.withdrawn.by}: ${exact.withdrawn.reason}`);
  const deviceType = exact?.type ?? (await newestType(id, host));
  return { deviceType, program: { build: builtAgain(found, deviceType), key: found.key } };
}

/** The build of a program in the library, with the type that it was made with, or, where an update of the software replaced that one, with the newest: the octets decide. */
export async function libraryBuild(found: KeptProgram, host: SessionHost): Promise<Build> {
  const exact = await host.work.read((tx) => host.deviceTypes.exactly(tx, found.document.deviceType.digest));
  return builtAgain(found, exact?.type ?? (await newestType(found.document.deviceType.id, host)));
}

function builtAgain({ document }: KeptProgram, deviceType: DeviceType): Build {
  const { build } = rebuild(document, deviceType);
  if (build.digest === document.build.digest) return build;
  throw new Failure("input", "device-type-changed", `${document.code} v${document.version} was built with ${document.deviceType.id} ${document.deviceType.version}; with the ${deviceType.version} that is here it becomes other octets. Make a new version of the program.`);
}

async function newestType(id: string, { work, deviceTypes }: SessionHost): Promise<DeviceType> {
  const type = await work.read((tx) => deviceTypes.newest(tx, id));
  if (!type) throw new Failure("input", "device-type-unknown", `This site has no device type ${id}. Take it in, then try again.`);
  return type;
}
