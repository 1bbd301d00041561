import { DefinitionReader, readAccess, readBound } from "../tdl/document-reader.ts";
import { optional, readChoice, readInteger, readObject, readText, wrong, type Json } from "../tdl/json-shape.ts";
import { TablesError } from "../tables-error.ts";
import type { AddOperation, Definition, Fragment, FragmentCondition, FragmentStack, Operation, ReplaceOperation, RestrictOperation } from "./fragment.ts";
import { parseTarget } from "./target.ts";

const mostOperations = 1_000;
const mostFragments = 40;
const nameForm = /^[a-z0-9][a-z0-9-]{0,39}$/;
const versionForm = /^\d{1,3}\.\d{1,3}$/;

/**
 * Reads one fragment, or a list of fragments in the order of the stack, from untrusted canonical JSON. What the operations add is read when
 * they are applied, for only then is known what they add to. Throws `bad-fragment` naming the place.
 */
export function readFragments(json: unknown): FragmentStack {
  const listed = Array.isArray(json) ? (json as readonly unknown[]) : [json];
  boundedStack(listed);
  return stackOf(listed.map((item, index) => readFragment(item, Array.isArray(json) ? `fragments[${index}]` : "fragment")));
}

/** Puts stacks on top of each other, the first lowest. Throws `bad-fragment` where two fragments have one name, one lies below what it is over, or there are too many. */
export function combine(...stacks: readonly FragmentStack[]): FragmentStack {
  return stackOf(stacks.flat());
}

function boundedStack({ length }: readonly unknown[]): void {
  if (length > mostFragments) throw bad("fragments", `at most ${mostFragments} in a stack`);
}

function stackOf(fragments: FragmentStack): FragmentStack {
  boundedStack(fragments);
  const names = fragments.map(({ name }) => name);
  fragments.forEach(({ name, over }, index) => {
    if (names.indexOf(name) !== index) throw bad(name, "is the name of two fragments of the stack");
    for (const below of over ?? []) if (names.indexOf(below) > index) throw bad(name, `is over ${below}, which is applied after it`);
  });
  return fragments;
}

function readFragment(json: unknown, at: string): Fragment {
  try {
    const o = readObject(json, at, ["format", "name", "when", "over", "operations"]);
    const reader = new DefinitionReader();
    const fragment: Fragment = {
      format: readChoice(o["format"], `${at}.format`, ["metersmith-fragment-1"]),
      name: readName(o["name"], `${at}.name`),
      ...optional(o, "when", at, readCondition),
      ...optional(o, "over", at, (value, where) => reader.list(value, where, readName)),
      operations: reader.list(o["operations"], `${at}.operations`, readOperation),
    };
    if (fragment.operations.length > mostOperations) throw bad(`${at}.operations`, `at most ${mostOperations} in a fragment`);
    return fragment;
  } catch (cause) {
    if (!(cause instanceof TablesError) || cause.code === "bad-fragment") throw cause;
    throw new TablesError("input", "bad-fragment", cause.message, cause.context, cause);
  }
}

function readOperation(item: unknown, at: string): Operation {
  const op = readChoice((typeof item === "object" && item !== null ? (item as Json)["op"] : undefined), `${at}.op`, ["add", "remove", "replace", "restrict"]);
  switch (op) {
    case "add": {
      const o = readObject(item, at, ["op", "to", "after", "before", "value"]);
      if (o["after"] !== undefined && o["before"] !== undefined) throw bad(at, "a member goes after one or before one, not both");
      return { op, to: readTarget(o["to"], `${at}.to`), ...optional(o, "after", at, readText), ...optional(o, "before", at, readText), value: readValue(o["value"], `${at}.value`) } satisfies AddOperation;
    }
    case "remove": {
      const o = readObject(item, at, ["op", "target"]);
      return { op, target: readTarget(o["target"], `${at}.target`) };
    }
    case "replace": {
      const o = readObject(item, at, ["op", "target", "value"]);
      return { op, target: readTarget(o["target"], `${at}.target`), value: readValue(o["value"], `${at}.value`) } satisfies ReplaceOperation;
    }
    case "restrict": {
      const o = readObject(item, at, ["op", "target", "access", "least", "most", "values"]);
      return {
        op, target: readTarget(o["target"], `${at}.target`),
        ...optional(o, "access", at, readAccess), ...optional(o, "least", at, readBound), ...optional(o, "most", at, readBound),
        ...optional(o, "values", at, (value, where) => new DefinitionReader().list(value, where, (entry, spot) => readInteger(entry, spot, 0, 0xffffffff))),
      } satisfies RestrictOperation;
    }
  }
}

function readCondition(value: unknown, at: string): FragmentCondition {
  const o = readObject(value, at, ["manufacturer", "model", "firmware"]);
  return {
    ...optional(o, "manufacturer", at, readText), ...optional(o, "model", at, readText),
    ...optional(o, "firmware", at, (range, where) => {
      const r = readObject(range, where, ["from", "below"]);
      return { ...optional(r, "from", where, readVersion), ...optional(r, "below", where, readVersion) };
    }),
  };
}

function readName(value: unknown, at: string): string {
  if (typeof value !== "string" || !nameForm.test(value)) throw wrong(at, "a name of lowercase letters, digits and -", value);
  return value;
}

function readVersion(value: unknown, at: string): string {
  if (typeof value !== "string" || !versionForm.test(value)) throw wrong(at, "a version like 1.20", value);
  return value;
}

function readTarget(value: unknown, at: string): string {
  const text = readText(value, at);
  parseTarget(text);
  return text;
}

/** Text, a number or a flag for an attribute; an object for a definition, whose form `applyFragments` checks. */
function readValue(value: unknown, at: string): AddOperation["value"] {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(at, "a definition, or the value of an attribute", value);
  return value as Definition;
}

function bad(field: string, reason: string): TablesError {
  return new TablesError("input", "bad-fragment", `Fragments: ${field}: ${reason}.`, { field });
}
