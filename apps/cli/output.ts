/** What a command found: for people as lines, for scripts as one JSON object on one line. */
export function tell(json: boolean | undefined, facts: object, lines: () => readonly string[]): void {
  const text = json ? JSON.stringify(facts, plain) : lines().join("\n");
  process.stdout.write(`${text}\n`);
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}

/** Rows of cells in columns as wide as their widest cell. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ").trimEnd());
}
