// Failures as sentences.

/** The sentence of a failure, whatever was thrown. */
export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
