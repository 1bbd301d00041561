const manufacturerFlag = 0x0800;
const pendingFlag = 0x1000;

/** A wire number of a table in words: "table 54", "manufacturer table 3", "pending table 54". Source of the bits: docs/reference/c1218.md 8. */
export function tableWords(table: number): string {
  const pending = (table & pendingFlag) !== 0 ? "pending " : "";
  const manufacturer = (table & manufacturerFlag) !== 0 ? "manufacturer " : "";
  return `${pending}${manufacturer}table ${table & 0x07ff}`;
}
