import { digestOfValue } from "@metersmith/base/digest";
import { Definitions } from "../tdl/definitions.ts";
import { readTdlDocument } from "../tdl/document-reader.ts";
import { TablesError } from "../tables-error.ts";
import { holdsFor, type MeterIdentity } from "./condition.ts";
import { Draft } from "./draft.ts";
import type { Fragment, FragmentStack } from "./fragment.ts";
import { FragmentOperations } from "./operations.ts";

/**
 * The definitions that result from a stack of fragments, lowest first: complete, checked after each fragment, independent of the base, and
 * knowing who made what (`originOf`). Fragments whose condition does not hold for the meter leave no trace but their name. Throws `bad-fragment`,
 * `fragment-conflict`, `dangling-target`, naming the fragment and whom it clashes with.
 */
export function applyFragments(base: Definitions, fragments: FragmentStack, identity?: MeterIdentity): Definitions {
  return fragments.reduce((below, fragment) => applyFragment(below, fragment, identity), base);
}

/**
 * A meter model's own tables, types, enumerations and procedures on top of the base: a fragment that only adds. What the base already has is
 * not replaced: that is an error naming both.
 */
export function extendDefinitions(base: Definitions, addition: unknown, name = "addition"): Definitions {
  const own = readTdlDocument(addition);
  const operations = (["types", "enumerations", "tables", "procedures"] as const).flatMap((list) => own[list].map((value) => ({ op: "add", to: list, value }) as const));
  return applyFragments(base, [{ format: "metersmith-fragment-1", name, operations }]);
}

function applyFragment(below: Definitions, fragment: Fragment, identity: MeterIdentity | undefined): Definitions {
  const { name, over = [] } = fragment;
  const { origins } = below;
  if (origins.stack.some((other) => other.name === name)) throw bad(name, "has been applied already");
  for (const other of over) {
    if (!origins.stack.some((applied) => applied.name === other)) throw bad(name, `is over ${other}, which is not below it`);
  }
  const stacked = { name, digest: digestOfValue(fragment) };
  if (!holdsFor(fragment, identity)) return new Definitions(below.document, origins.with({ ...stacked, applied: false }, new Map()));
  const draft = new Draft(below.document);
  const operations = new FragmentOperations(draft, origins, fragment);
  fragment.operations.forEach((operation, index) => {
    try {
      operations.carryOut(operation);
    } catch (cause) {
      throw cause instanceof TablesError && cause.code === "bad-definition" ? bad(name, `operation ${index + 1} (${operation.op}): ${cause.message}`, cause) : cause;
    }
  });
  const applied = origins.with({ ...stacked, applied: true }, operations.marks);
  try {
    return new Definitions(draft.document(), applied);
  } catch (cause) {
    if (!(cause instanceof TablesError) || cause.code !== "bad-definition") throw cause;
    const missing = typeof cause.context["missing"] === "string" ? cause.context["missing"] : undefined;
    const remover = missing === undefined ? undefined : applied.removerOf(missing);
    throw bad(name, `leaves definitions that do not hold together: ${cause.message}${remover === undefined ? "" : ` Fragment ${remover} removed ${missing}.`}`, cause);
  }
}

function bad(name: string, reason: string, cause?: TablesError): TablesError {
  return new TablesError("input", "bad-fragment", `Fragment ${name}: ${reason.replace(/\.$/, "")}.`, { ...cause?.context, fragment: name }, cause);
}
