import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import type { Log } from "@metersmith/base/log";

const ROTATE_AT_BYTES = 20 * 1024 * 1024;
/** Names of fields whose values are never written, at any depth. */
const SECRET = /password|passphrase|secret|token|cookie|authorization|credential|privatekey|sealingkey|databaseurl/i;
/** What an address can carry before its host: `postgres://role:password@host`. */
const URL_PASSWORD = /(\/\/[^\s/:@]*:)[^\s/@]*@/g;

/** A log in a file, one JSON object per line: `{at, level, app, message, …fields}`. Kept as `<file>` and one older `<file>.1` of 20 MiB. */
export interface FileLog extends Log {
  close(): void;
}

/** @param path appended to; permissions 0600. Writes are synchronous: the last line before a crash is the one that matters. */
export function openFileLog(path: string, app: string, now: () => number = Date.now): FileLog {
  let descriptor = openSync(path, "a", 0o600);
  let size = fstatSync(descriptor).size;

  function write(level: string, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const facts = { at: new Date(now()).toISOString(), level, app, message };
    try {
      const line = `${lineOf(facts, fields).replaceAll(URL_PASSWORD, "$1[hidden]@")}\n`;
      if (size > ROTATE_AT_BYTES) rotate();
      size += writeSync(descriptor, line);
    } catch {
      // A full disk must not end the work that is being logged.
    }
  }

  function rotate(): void {
    closeSync(descriptor);
    renameSync(path, `${path}.1`);
    descriptor = openSync(path, "a", 0o600);
    size = 0;
  }

  return {
    info: (message, fields) => write("info", message, fields),
    warn: (message, fields) => write("warn", message, fields),
    error: (message, fields) => write("error", message, fields),
    close: () => closeSync(descriptor),
  };
}

function lineOf(facts: object, fields: object): string {
  try {
    return JSON.stringify({ ...facts, ...fields }, plain);
  } catch (error) {
    return JSON.stringify({ ...facts, fields: `not written: ${String(error).split("\n")[0]}` });
  }
}

function plain(key: string, value: unknown): unknown {
  if (SECRET.test(key)) return "[hidden]";
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Error) return { name: value.name, message: value.message, ...("code" in value ? { code: value.code } : {}), stack: value.stack, cause: value.cause };
  return value;
}
