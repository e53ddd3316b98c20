// Files of a batch that cannot be read: they are named with the reason and do not hide the others.
import { FoveaError } from "../../core/errors.js";

/** A file that cannot be read, and a sentence that says so. */
export interface BadFile {
  readonly image: string;
  readonly error: string;
}

/** Reads each file; the files that fail for a reason that a user can mend come back as `bad`. */
export async function eachReadable<T>(
  paths: readonly string[],
  read: (path: string) => Promise<T>,
): Promise<{
  readonly good: readonly { readonly path: string; readonly value: T }[];
  readonly bad: readonly BadFile[];
}> {
  const good: { readonly path: string; readonly value: T }[] = [];
  const bad: BadFile[] = [];
  const outcomes = await Promise.allSettled(paths.map(read));
  for (const [i, outcome] of outcomes.entries()) {
    const path = paths[i]!;
    if (outcome.status === "fulfilled") good.push({ path, value: outcome.value });
    else bad.push({ image: path, error: sentenceOf(path, outcome.reason) });
  }
  return { good, bad };
}

/** Message of a failure, with the file's name. Anything but a FoveaError is a fault of ours, and this throws it on. */
export function sentenceOf(path: string, reason: unknown): string {
  if (!(reason instanceof FoveaError)) throw reason;
  return reason.message.includes(path) ? reason.message : `${path}: ${reason.message}`;
}
