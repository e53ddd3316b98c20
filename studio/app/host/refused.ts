// A call that the workbench refused: its sentence for people, and its code, by which the page decides.
import type { ErrorCode } from "fovea";

export class Refused extends Error {
  override name = "Refused";

  constructor(
    sentence: string,
    readonly code: ErrorCode,
  ) {
    super(sentence);
  }
}
