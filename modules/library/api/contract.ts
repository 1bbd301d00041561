import type { Kysely } from "kysely";
import { z } from "zod";
import { buildReportRow, type ProgramDocument, programDocument } from "../../authoring/api/contract.ts";

/** A program that this utility took into its library after building it again from its parameters with the same digest. */
export const libraryProgram = z.object({
  id: z.uuid(),
  code: z.string(),
  version: z.number().int(),
  name: z.string(),
  deviceType: z.string(),
  tariffName: z.string(),
  digest: z.string(),
  receivedAt: z.iso.datetime(),
  receivedBy: z.string(),
});
export type LibraryProgram = z.infer<typeof libraryProgram>;

export const libraryProgramDetail = libraryProgram.extend({
  document: programDocument,
  report: z.array(buildReportRow),
});
export type LibraryProgramDetail = z.infer<typeof libraryProgramDetail>;

/** What the library offers to other modules of its site, inside their transactions. `key` is the database's own key. */
export interface LibraryPrograms {
  find(db: Kysely<unknown>, id: string): Promise<KeptProgram | undefined>;
  /** By the beginning of its build's digest, 8 hexadecimal digits or more; undefined where none or several begin so. */
  findByMark(db: Kysely<unknown>, deviceType: string, mark: string): Promise<KeptProgram | undefined>;
}

export interface KeptProgram {
  readonly key: string;
  readonly id: string;
  readonly document: ProgramDocument;
}
