/** A request as a server took it from the wire. */
export interface WebRequest {
  readonly method: string;
  /** As it was sent: path and query, nothing decoded. */
  readonly target: string;
  /** By lowercase name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

export interface WebResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}
