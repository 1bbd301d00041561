import { ApiFailure } from "./api-failure.ts";

/** What a JSON file that a person chose holds. Throws `ApiFailure` (`refused`) that names the file. */
export async function readJsonFile(file: File): Promise<unknown> {
  try {
    return JSON.parse(await file.text());
  } catch (cause) {
    const why = cause instanceof SyntaxError ? cause.message : "it cannot be read";
    throw new ApiFailure("input", "refused", "This file is not JSON", `${file.name}: ${why}. Choose another file.`, { file: file.name }, cause);
  }
}

/** Gives a value to the browser's downloads as a JSON file. */
export function saveJsonFile(name: string, value: unknown): void {
  const address = URL.createObjectURL(new Blob([`${JSON.stringify(value, undefined, 2)}\n`], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
