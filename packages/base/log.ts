/** Facts beside a message, never secrets. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a component says what it does. The three are functions of their own: they may be handed on without their log. */
export interface Log {
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
}

export const silentLog: Log = { info() {}, warn() {}, error() {} };
