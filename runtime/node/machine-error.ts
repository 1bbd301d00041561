import { Failure } from "@metersmith/base/errors";

export type MachineErrorCode =
  | "home-unusable"
  | "home-in-use"
  | "secrets-unreadable"
  | "authority-unusable"
  | "port-taken"
  | "too-many-files"
  | "database-url"
  | "part-ended"
  | "child-failed"
  | "child-ended"
  | "child-stuck";

/** What this machine denies us: a folder, a port, a process. */
export class MachineError extends Failure<MachineErrorCode> {}
