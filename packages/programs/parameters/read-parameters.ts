import { readShape } from "../json-file.ts";
import { withDefaults } from "./rules/defaults.ts";
import { parametersSchema, type Parameters } from "./schema.ts";

/** Parameters from parsed JSON, stored or sent; what a group leaves open is filled from the table of defaults. Throws `parameters-invalid` with the file and each field. */
export function readParameters(json: unknown, file: string): Parameters {
  return readShape(parametersSchema, withDefaults(json), file, "parameters-invalid");
}
