import { MachineError } from "@metersmith/node/machine-error";

/**
 * `DATABASE_URL`, undefined where it is not set or empty.
 * @throws MachineError `database-url`; never with its text, which holds a password.
 */
export function databaseUrlFrom(environment: NodeJS.ProcessEnv): string | undefined {
  const given = environment["DATABASE_URL"];
  if (given === undefined || given === "") return undefined;
  const protocol = URL.parse(given)?.protocol;
  if (protocol === "postgres:" || protocol === "postgresql:") return given;
  throw new MachineError(
    "input",
    "database-url",
    "DATABASE_URL is no URL of a PostgreSQL: write postgres://user:password@host:5432/database, or unset it for the embedded PostgreSQL",
  );
}
