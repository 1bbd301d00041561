import { exitCodes, Failure } from "@metersmith/base/errors";

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "it may not be read or written by this user",
  EISDIR: "it is a folder",
};

/** Says what went wrong, in one line for people or as one JSON object, and gives the exit code. No stack reaches the terminal. */
export function tellFailure(error: unknown, json: boolean): number {
  const { kind, code, message, context } = asFailure(error);
  if (json) process.stdout.write(`${JSON.stringify({ ok: false, code, kind, message, ...context })}\n`);
  else process.stderr.write(`${message}\n`);
  return exitCodes[kind];
}

function asFailure(error: unknown): Pick<Failure, "kind" | "code" | "message" | "context"> {
  if (error instanceof Failure) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : FILE_ERRORS[code];
  if (known !== undefined) return { kind: "input", code: "file", message: `${path ?? "file"}: ${known}`, context: { file: path } };
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "bug", code: "internal", message: `Something went wrong on our side: ${message}. Please report it with the command you gave.`, context: {} };
}
