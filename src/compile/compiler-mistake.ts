// An error that a pass of the compiler made. The user is told of it, and can do nothing about it but report it.
import { FoveaError } from "../core/errors.js";

/** A mistake of the compiler's, found between two passes: never the user's. */
export class CompilerMistake extends FoveaError {
  override name = "CompilerMistake";

  constructor(what: string) {
    super(
      "internal-mistake",
      `compile: ${what}; this is a mistake in Fovea's compiler, please report the model that shows it`,
    );
  }
}
