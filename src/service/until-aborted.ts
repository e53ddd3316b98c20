// Waits that end with a request: its deadline, or a caller that has gone.

/**
 * The outcome of work, or the reason of a signal that is aborted before; the work itself goes on.
 * @param late takes an outcome that comes after that
 */
export function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  late: (outcome: T) => void = () => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    work
      .then((outcome) => {
        if (signal.aborted) late(outcome);
        resolve(outcome);
      }, reject)
      .finally(() => signal.removeEventListener("abort", leave));
  });
}
