import type { FieldValue, TableId } from "@metersmith/tables";
import { listIn, member, numberIn } from "../tree-access.ts";

/** Groups 0–7 as bits; group 0 is the least significant. */
export type Groups = number;

/** Who may do what, by table 44. What no entry names is for nobody: stricter than the standard's default (table 43), which this meter lacks. */
export interface Permissions {
  mayRead(table: TableId, groups: Groups): boolean;
  mayWrite(table: TableId, groups: Groups): boolean;
  mayRun(procedure: number, groups: Groups): boolean;
}

interface Rule {
  read: Groups;
  write: Groups;
  anyoneReads: boolean;
  anyoneWrites: boolean;
}

/** Bit 11 of a table number: a manufacturer's. */
const manufacturer = 2048;

export function groupsIn(flags: FieldValue | undefined): Groups {
  let groups = 0;
  for (let group = 0; group < 8; group++) if (numberIn(flags, `GROUP_PERM_FLAG_${group}`) === 1) groups |= 1 << group;
  return groups;
}

/** Reads a decoded table 44; several entries of one table add up. */
export function readPermissions(accessControl: FieldValue): Permissions {
  const tables = new Map<number, Rule>();
  const procedures = new Map<number, Rule>();
  for (const entry of listIn(accessControl, "ACCESS_CONTROL")) {
    const about = member(entry, "ACCESS_TABLE_DEF");
    const number = numberIn(about, "TBL_PROC_NBR") + manufacturer * numberIn(about, "STD_VS_MFG");
    const rules = numberIn(about, "PROC_FLAG") === 1 ? procedures : tables;
    const rule = rules.get(number) ?? { read: 0, write: 0, anyoneReads: false, anyoneWrites: false };
    rule.read |= groupsIn(member(entry, "READ"));
    rule.write |= groupsIn(member(entry, "WRITE"));
    rule.anyoneReads ||= numberIn(about, "FLAG1") === 1;
    rule.anyoneWrites ||= numberIn(about, "FLAG2") === 1;
    rules.set(number, rule);
  }
  return {
    mayRead: (table, groups) => {
      const rule = tables.get(table);
      return rule !== undefined && (rule.anyoneReads || (rule.read & groups) !== 0);
    },
    mayWrite: (table, groups) => allowsWrite(tables.get(table), groups),
    mayRun: (procedure, groups) => allowsWrite(procedures.get(procedure), groups),
  };
}

function allowsWrite(rule: Rule | undefined, groups: Groups): boolean {
  return rule !== undefined && (rule.anyoneWrites || (rule.write & groups) !== 0);
}
