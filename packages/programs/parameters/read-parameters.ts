import { readShape } from "../json-file.ts";
import { parametersSchema, type Parameters } from "./schema.ts";

/** Parameters from parsed JSON, stored or sent. Throws `parameters-invalid` with the file and each field. */
export function readParameters(json: unknown, file: string): Parameters {
  return readShape(parametersSchema, json, file, "parameters-invalid");
}
