import { Failure } from "@metersmith/base/errors";
import type { ProgramDocument } from "@metersmith/modules/authoring/api/contract.ts";
import { verifyDocument } from "@metersmith/modules/authoring/rules/program-document.ts";
import type { Build, DeviceType } from "@metersmith/programs";

/** A document's program as it builds here. @throws Failure `altered` naming what in the document is not that. */
export function unaltered(document: ProgramDocument, deviceType: DeviceType, file: string): Build {
  const { build: made, alterations } = verifyDocument(document, deviceType);
  if (alterations.length === 0) return made;
  throw new Failure("input", "altered", `${file} was altered, or made with another version of ${deviceType.id}: ${alterations.join("; ")}. Build it again from its tariff.`, { file });
}
