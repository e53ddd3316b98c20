// The place where the worker's jobs compute: one, kept, so that a call costs milliseconds and starts no threads.
import { type Runtime, runtime } from "fovea";

let kept: Runtime | undefined;

/** One thread is plenty for the lecture's pictures; the bits are those of any number. */
export function engineRuntime(): Runtime {
  kept ??= runtime({ threads: 1 });
  return kept;
}
