// Ctrl-C as an AbortSignal: the first one asks the work to end in good order, a second one ends the process at once.
import { FoveaError } from "../../core/errors.js";
import type { Output } from "./output.js";

/** Exit code that a shell reports for a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/**
 * Runs `work` with a signal that Ctrl-C (or a polite kill) aborts.
 * @param notice told at once, since ending in good order may take a moment
 */
export async function interruptible<T>(
  output: Output,
  notice: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    output.warn(`\n${notice}`);
    controller.abort(new FoveaError("interrupted", "interrupted"));
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const name of signals) process.on(name, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of signals) process.off(name, interrupt);
  }
}
