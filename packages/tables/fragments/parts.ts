import type { TdlDocument } from "../tdl/model.ts";
import { parseTarget } from "./target.ts";
import { plainMembers } from "./draft.ts";

/** Whether a document has the part that a place of fragments names. Throws `bad-fragment` where the text is no place. */
export function hasPart(document: TdlDocument, part: string): boolean {
  const { list, name, inner, occurrence = 1, attribute } = parseTarget(part);
  if (name === undefined) return true;
  const named = document[list].find((definition) => definition.name === name);
  let element: object | undefined = named;
  if (named && inner !== undefined) {
    if ("members" in named) element = plainMembers(named.members).filter((member) => member.name === inner)[occurrence - 1];
    else element = "values" in named ? named.values.find((entry) => String(entry.value) === inner) : undefined;
  }
  return element !== undefined && (attribute === undefined || (Object.hasOwn(element, attribute) && attribute !== "members" && attribute !== "values"));
}
