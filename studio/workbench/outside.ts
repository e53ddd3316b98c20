// The limits of what may be opened: the folders that the Studio was started for, with all below them.
import { FoveaError } from "fovea";

/** A path that leads out of what was opened. */
export class OutsideError extends FoveaError {
  constructor(message: string) {
    super("not-allowed", message);
  }
}

/**
 * Refuses a path outside of the roots, after links and dots are resolved.
 * @param real the path as the disk has it
 * @throws OutsideError naming the folders that may be opened
 */
export function checkInside(path: string, real: string, roots: readonly string[], separator: string): void {
  const isInside = roots.some(
    (root) => real === root || real.startsWith(root.endsWith(separator) ? root : root + separator),
  );
  if (isInside) return;
  throw new OutsideError(
    `${path} is outside of the folders that this Studio was started for (${roots.join(", ")}); start it with \`fovea studio FOLDER\``,
  );
}
