import { exitCodes, Failure } from "@metersmith/base/errors";
import { jsonLine, visible } from "./output.ts";

/** What the system says of a file, in words; also of the file that standard output leads to. */
const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "it may not be read or written by this user",
  EPERM: "it may not be read or written by this user",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is a file, not a folder",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its path is a circle of links",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "this user's share of the disk is full",
  EIO: "the disk does not work",
  EMFILE: "this user may not open as many files (see ulimit -n)",
  ENFILE: "too many files are open on this machine",
  ERR_FS_FILE_TOO_LARGE: "it is too large",
};

/** Says what went wrong, in one line for people or as one JSON object, and gives the exit code. No stack reaches the terminal. */
export function tellFailure(error: unknown, json: boolean): number {
  const { kind, code, message, context } = asFailure(error);
  if (json) process.stdout.write(jsonLine({ ok: false, code, kind, message, ...context }));
  else process.stderr.write(`${visible(message)}\n`);
  return exitCodes[kind];
}

/** The error in words that name the file, where it is one that the system gives for files; else the error itself. */
export function fileFailure(error: unknown, file: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const words = code === undefined ? undefined : FILE_ERRORS[code];
  return words === undefined ? error : new Failure("input", "file", `${file}: ${words}`, { file }, error);
}

function asFailure(caught: unknown): Pick<Failure, "kind" | "code" | "message" | "context"> {
  const error = caught instanceof Failure ? caught : fileFailure(caught, (caught as NodeJS.ErrnoException | undefined)?.path ?? "a file");
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "bug", code: "internal", message: `Something went wrong on our side: ${message}. Please report it with the command you gave.`, context: {} };
}
