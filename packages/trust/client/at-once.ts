/** Does the work for every item, so many at a time. The first failure ends it: no further item is begun. */
export async function atOnce<T>(items: readonly T[], count: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = items[Symbol.iterator]();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let next = left.next(); !next.done && !failed; next = left.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(count, items.length) }, worker));
  const failure = ended.find((one) => one.status === "rejected");
  if (failure) throw failure.reason;
}
