// Sentences of evidence from their parts.

/** Clauses as a sentence: a capital first, semicolons between, a full stop. */
export const sentenceOf = (clauses: readonly string[]): string => {
  const text = clauses.join("; ");
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
};

/** Words out of a file within a sentence, cut short. */
export const quoted = (text: string): string => `"${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`;
