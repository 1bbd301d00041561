import process from "node:process";

/** What the supervisor tells a child, once. */
export interface StartMessage {
  readonly kind: "start";
  readonly config: unknown;
}

/** What a child answers, once. */
export type ChildMessage<Ready extends object> =
  | ({ readonly kind: "ready" } & Ready)
  | { readonly kind: "failed"; readonly message: string };

export interface SupervisedApp<Ready> {
  /** Told to the supervisor; must survive JSON. */
  readonly ready: Ready;
  stop(): Promise<void>;
}

const STOP_WITHIN_MS = 12_000;

/**
 * The main of an app that `startChild` starts: waits for its configuration, starts, says so, and stops when the channel to the
 * supervisor closes (asked to, or because the supervisor died) or at SIGTERM. Never returns control of the process to the caller.
 * @param start its failure's message goes to the supervisor, and so to a person; the stack goes to the log only.
 */
export function supervised<Config, Ready extends object>(start: (config: Config) => Promise<SupervisedApp<Ready>>): void {
  if (process.send === undefined) {
    process.stderr.write("This program is started by `npm start`, which tells it its configuration.\n");
    process.exitCode = 2;
    return;
  }
  let app: Promise<SupervisedApp<Ready>> | undefined;
  let ending = false;

  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    try {
      await (await app)?.stop();
    } catch (error) {
      printError(error);
    }
    process.exit(0);
  };
  process.once("disconnect", () => void end());
  process.once("SIGTERM", () => void end());
  // Ctrl-C goes to a whole group; the supervisor alone decides the order of ending.
  process.on("SIGINT", () => undefined);

  process.once("message", (message: StartMessage) => {
    app = start(message.config as Config);
    app.then(
      ({ ready }) => {
        if (process.connected) process.send?.({ ...ready, kind: "ready" });
      },
      (error: unknown) => {
        printError(error);
        const text = error instanceof Error ? error.message : String(error);
        if (!process.connected) process.exit(1);
        process.send?.({ kind: "failed", message: text }, undefined, undefined, () => process.exit(1));
      },
    );
  });
}

/** With its stack: standard error of an app is its log, which no person is shown unasked. */
function printError(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
