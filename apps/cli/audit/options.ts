/** Which database is meant. */
export interface DatabaseOptions {
  readonly site?: string;
  readonly database?: string;
}

export interface VerifyOptions extends DatabaseOptions {
  readonly publicKey?: readonly string[];
  readonly known?: readonly string[];
  readonly json?: boolean;
}

export interface ExportOptions extends DatabaseOptions {
  readonly organization?: string;
  readonly out: string;
  readonly json?: boolean;
}
