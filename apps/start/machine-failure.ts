import { MachineError } from "@metersmith/node/machine-error";

/** As the system names it, and as a child's message or PostgreSQL's log quotes it. */
const TOO_MANY_FILES = /\b(EMFILE|ENFILE)\b|too many open files|insufficient file descriptors/i;

/** The error in words that say what to do, where a limit of this machine is behind it; else the error itself. */
export function machineFailure(error: unknown): unknown {
  if (!(error instanceof Error) || !TOO_MANY_FILES.test(error.message)) return error;
  return new MachineError(
    "input",
    "too-many-files",
    "this user may not open as many files and connections as are needed (`ulimit -n` shows how many); allow more, e.g. `ulimit -n 8192`, or run fewer meters: `npm start -- --meters 12`",
    {},
    error,
  );
}
