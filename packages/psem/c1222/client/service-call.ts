import type { CallOptions } from "../../client/psem-client.ts";
import { PsemError } from "../../psem-error.ts";

/** One service on its way: what is sent, and what its answer settles. */
export interface ServiceCall {
  /** With its code first. */
  readonly service: Uint8Array;
  /** What follows "refused to": "read table 54". */
  readonly words: string;
  readonly answered: (answer: Uint8Array) => void;
  readonly failed: (error: unknown) => void;
  /** Whether somebody still waits for it. */
  readonly wanted: () => boolean;
  /** On what the services behind it in the same message depend: throws where its answer refuses them. */
  readonly guard?: (answer: Uint8Array) => void;
}

/** A call and the promise that it settles. `decode` throws `PsemError` on a refusal, or on an answer that means nothing. */
export function serviceCall<Value>(
  service: Uint8Array,
  words: string,
  decode: (answer: Uint8Array) => Value,
  { signal }: CallOptions,
): { readonly call: ServiceCall; readonly outcome: Promise<Value> } {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  let open = true;
  const abort = (): void => settle(() => reject(signal?.reason as unknown));
  const settle = (outcome: () => void): void => {
    if (!open) return;
    open = false;
    signal?.removeEventListener("abort", abort);
    outcome();
  };
  const answered = (answer: Uint8Array): void =>
    settle(() => {
      try {
        resolve(decode(answer));
      } catch (error) {
        reject(error);
      }
    });
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  const call: ServiceCall = { service, words, answered, failed: (error) => settle(() => reject(error)), wanted: () => open };
  return { call, outcome: promise };
}

/** The services of a message in words, for failures that concern all of them. */
export function wordsOf(calls: readonly ServiceCall[]): string {
  const [first, ...others] = calls;
  return others.length === 0 ? (first?.words ?? "nothing") : `${first?.words} and ${others.length} more`;
}

/** Gives each call its answer. One refusal for several calls concerns them all; any other number of answers means nothing. */
export function distribute(calls: readonly ServiceCall[], answers: readonly Uint8Array[]): void {
  const [only] = answers;
  const forAll = answers.length === 1 && calls.length > 1 && only !== undefined && only[0] !== 0 ? only : undefined;
  if (!forAll && answers.length !== calls.length) {
    const failure = new PsemError("bad-response", `The meter gave ${answers.length} answers to ${calls.length} services (${wordsOf(calls)}).`, { expected: calls.length, actual: answers.length });
    for (const call of calls) call.failed(failure);
    return;
  }
  try {
    calls.forEach(({ guard }, index) => guard?.(forAll ?? answers[index] ?? new Uint8Array(0)));
  } catch (error) {
    for (const call of calls) call.failed(error);
    return;
  }
  calls.forEach((call, index) => call.answered(forAll ?? answers[index] ?? new Uint8Array(0)));
}
