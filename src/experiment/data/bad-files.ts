// Files of a batch that cannot be read: they are named with the reason and do not hide the others.
import type { ErrorCode } from "../../core/error-codes/index.js";
import { FoveaError } from "../../core/errors.js";

/** A file that cannot be read, and a sentence that says so. */
export interface BadFile {
  /** Path of the file, as it was named. */
  readonly image: string;
  /** Reason, a sentence that has the path in it. */
  readonly error: string;
  /** The kind of the fault. */
  readonly code: ErrorCode;
}

/** Reads each file, a path or something with a name; the files that fail for a reason that a user can mend come back as `bad`. */
export async function eachReadable<T, F extends string | { readonly name: string } = string>(
  files: readonly F[],
  read: (file: F) => Promise<T>,
): Promise<{
  readonly good: readonly { readonly path: string; readonly value: T }[];
  readonly bad: readonly BadFile[];
}> {
  const good: { readonly path: string; readonly value: T }[] = [];
  const bad: BadFile[] = [];
  const outcomes = await Promise.allSettled(files.map(read));
  for (const [i, outcome] of outcomes.entries()) {
    const file = files[i]!;
    const path = typeof file === "string" ? file : file.name;
    if (outcome.status === "fulfilled") good.push({ path, value: outcome.value });
    else bad.push(badFile(path, outcome.reason));
  }
  return { good, bad };
}

/** A file that failed. Anything but a FoveaError is a fault of ours, and this throws it on. */
export function badFile(image: string, reason: unknown): BadFile {
  if (!(reason instanceof FoveaError)) throw reason;
  return { image, error: namedIn(image, reason.message), code: reason.code };
}

/** A sentence about a file, with the file's name. */
export const namedIn = (path: string, sentence: string): string =>
  sentence.includes(path) ? sentence : `${path}: ${sentence}`;
