/** What a repository answers: a file from some octet on, or that there is none. */
export type RemoteAnswer = { readonly found: false } | { readonly found: true; readonly from: number; readonly chunks: AsyncIterable<Uint8Array> };

/** Where a repository is read from: a web server, a folder, a bundle. None of them is believed anything. */
export interface Remote {
  /**
   * Opens a file, by its path below the repository's address, from an octet on; the answer may begin earlier (at 0) where the other side cannot. `signal`
   * ends it. Fails with whatever the link fails with.
   */
  open(path: string, from: number, signal: AbortSignal): Promise<RemoteAnswer>;
}
