// Failures as sentences.
import { Refused } from "../host/refused.ts";

const REPORT = "this is a fault of Fovea's own, please report it";

/** The sentence of a failure, whatever was thrown. A fault of Fovea's own says so, for nobody else can mend it. */
export function sentenceOf(error: unknown): string {
  const sentence = error instanceof Error ? error.message : String(error);
  return error instanceof Refused && error.code === "internal-mistake" ? `${sentence}; ${REPORT}` : sentence;
}
