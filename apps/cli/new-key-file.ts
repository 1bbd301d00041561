import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { Failure } from "@metersmith/base/errors";
import { fileFailure } from "./failure.ts";

/** Makes a file of a key, durable. One that is there already is left as it is and refused: a key that was overwritten is gone. */
export async function makeKeyFile(file: string, content: object, mode: number): Promise<void> {
  try {
    // O_EXCL also refuses a link that leads elsewhere.
    const made = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
    try {
      await made.writeFile(`${JSON.stringify(content, null, 2)}\n`);
      await made.sync();
    } finally {
      await made.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw new Failure("input", "file", `${file} is there already: keys are not overwritten. Give another name, or move it away.`, { file }, error);
    if (code === "ENOENT") throw new Failure("input", "file", `${file}: the folder that it is to be in does not exist`, { file }, error);
    throw fileFailure(error, file);
  }
}
