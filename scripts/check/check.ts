/** Something wrong, at a place a person can open: `path` or `path:line`. The message says what is expected instead. */
export interface Problem {
  readonly place: string;
  readonly message: string;
}

/** One check of `npm run check`. It reads the tree and changes nothing. */
export interface Check {
  readonly name: string;
  /** One line for the help. */
  readonly about: string;
  /** What is wrong; empty means passed. */
  run(): Promise<readonly Problem[]>;
}
