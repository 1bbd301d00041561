import type { Access, BitRange, Enumeration, Field, Member, ProcedureDefinition, TableDefinition, TypeDefinition } from "../tdl/model.ts";

/**
 * Canonical JSON of a fragment: what a meter model, or one range of its firmware, changes in the definitions below it. C12.19-2012 knows such
 * fragments by name; no open source gives their form, so the form is ours (docs/reference/fragments.md).
 */
export interface Fragment {
  readonly format: "metersmith-fragment-1";
  /** Lowercase letters, digits and `-`, at most 40; unique in a stack. */
  readonly name: string;
  /** Meters that it holds for; all where absent. */
  readonly when?: FragmentCondition;
  /** Names of fragments below this one whose changes it may change again. */
  readonly over?: readonly string[];
  readonly operations: readonly Operation[];
}

/** Fragments in the order in which they are applied, names unique. */
export type FragmentStack = readonly Fragment[];

/** All that is given must hold. */
export interface FragmentCondition {
  /** MANUFACTURER and ED_MODEL of table 1, without their pad. */
  readonly manufacturer?: string;
  readonly model?: string;
  /** FW_VERSION and FW_REVISION as `version.revision`: the first that it holds for, and the first that it no longer holds for. */
  readonly firmware?: { readonly from?: string; readonly below?: string };
}

export type Operation = AddOperation | RemoveOperation | ReplaceOperation | RestrictOperation;

/** A definition, a member or a value of an enumeration. */
export type Definition = TypeDefinition | Enumeration | TableDefinition | ProcedureDefinition | Member<Field> | Member<BitRange> | Enumeration["values"][number];

/** Adds what is not there yet. */
export interface AddOperation {
  readonly op: "add";
  /** A list (`types`), a type or enumeration (`types/X_RCD`), or an attribute that is absent (`types/X_RCD/FIELD/unit`). */
  readonly to: string;
  /** The member beside which a new member goes; at the end where both are absent. */
  readonly after?: string;
  readonly before?: string;
  readonly value: Definition | string | number | boolean;
}

/** Removes what is there. */
export interface RemoveOperation {
  readonly op: "remove";
  readonly target: string;
}

/** Puts another definition, of the same name, or another value of an attribute in the place of what is there. */
export interface ReplaceOperation {
  readonly op: "replace";
  readonly target: string;
  readonly value: Definition | string | number | boolean;
}

/** Narrows: never allows what was not allowed. */
export interface RestrictOperation {
  readonly op: "restrict";
  readonly target: string;
  /** For tables and members. */
  readonly access?: Access;
  /** For members: smallest and largest number that may be written. */
  readonly least?: number;
  readonly most?: number;
  /** For enumerations: the values that remain. */
  readonly values?: readonly number[];
}
