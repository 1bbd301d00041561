import { Failure } from "@metersmith/base/errors";

export type MachineErrorCode =
  | "home-unusable"
  | "home-in-use"
  | "secrets-unreadable"
  | "port-taken"
  | "child-failed"
  | "child-ended"
  | "child-stuck";

/** What this machine denies us: a folder, a port, a process. */
export class MachineError extends Failure<MachineErrorCode> {}
