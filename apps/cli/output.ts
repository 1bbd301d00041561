import process from "node:process";

/** What a command found: for people as lines, for scripts as one JSON object on one line. */
export function tell(json: boolean | undefined, facts: object, lines: () => readonly string[]): void {
  process.stdout.write(json ? jsonLine(facts) : lines().map((line) => `${visible(line)}\n`).join(""));
}

/** One JSON object on one line; big integers as decimal text, octets as hexadecimal. */
export function jsonLine(facts: object): string {
  return `${visible(JSON.stringify(facts, plain))}\n`;
}

/**
 * Text as it may reach a terminal: what would act on it (control characters, escape sequences) or turn the direction of reading around
 * (UAX #9, 2.4) is written out as `\u001b`, which JSON reads as the same character.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
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

/**
 * Keeps errors of the streams themselves from ending the process with a stack. A reader that goes away (`| head -1`) has read enough:
 * what is under way is finished in silence. For anything else, `failed` says what to do and gives the exit code.
 */
export function guardStreams(failed: (error: Error) => number): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.exitCode = failed(error);
  });
}
