import type { TableId } from "@metersmith/tables";
import type { DeviceType } from "./device-type.ts";

/** A field of a type in words: what `display.json` calls it, and what a code means there. */
export interface FieldWords {
  readonly table: string | undefined;
  readonly field: string | undefined;
  /** The words of a code that `display.json` names, or those for one that nothing names. */
  code(value: number): string;
}

const plainUnknown = "{code}";

/** `LIMITS[*].VOLTS` in `display.json` speaks for `LIMITS[2].VOLTS`. */
export function fieldWords({ files: { display } }: DeviceType, table: TableId, field: string): FieldWords {
  const ofTable = display?.tables.find((one) => one.table === table);
  const anyElement = field.replace(/\[\d+\]/g, "[*]");
  const words = ofTable?.fields.find((one) => one.field === anyElement);
  return {
    table: ofTable?.title,
    field: words?.title,
    code: (value) => words?.codes?.[String(value)] ?? (display?.unknownCode ?? plainUnknown).replaceAll("{code}", String(value)),
  };
}
