import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readBoundedText } from "@metersmith/node/bounded-file";
import { StreetError } from "../street-error.ts";
import { readScenario, type Scenario } from "./scenario.ts";

const folder = join(import.meta.dirname, "scenarios");
/** A thousand happenings, all members told, are a quarter of it. */
const mostOctets = 1_048_576;
const nameForm = /^[a-z0-9][a-z0-9-]*$/;

/** The scenarios that come along, by name. */
export async function builtInScenarios(): Promise<ReadonlyMap<string, Scenario>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json")).toSorted();
  return new Map(await Promise.all(files.map(async (file) => [file.replace(/\.json$/, ""), readScenario(await readFile(join(folder, file), "utf8"), file)] as const)));
}

/** By the name of one that comes along, or the path of a file. Throws `bad-scenario`. */
export async function findScenario(nameOrFile: string): Promise<Scenario> {
  const builtIn = nameForm.test(nameOrFile) ? (await builtInScenarios()).get(nameOrFile) : undefined;
  if (builtIn) return builtIn;
  let text: string;
  try {
    text = await readBoundedText(nameOrFile, mostOctets);
  } catch (error) {
    if (error instanceof RangeError) throw new StreetError("input", "bad-scenario", `${nameOrFile}: a scenario has at most ${mostOctets} octets.`, { file: nameOrFile }, error);
    const names = [...(await builtInScenarios()).keys()].join(", ");
    throw new StreetError("input", "bad-scenario", `${nameOrFile} is no file that can be read, and none of the scenarios that come along: ${names}.`, { file: nameOrFile }, error);
  }
  return readScenario(text, nameOrFile);
}
