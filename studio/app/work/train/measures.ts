// Measures of a history: which are drawn, in which order, under which words.

/** Measures whose charts come last, and those that have none. */
const LAST: readonly string[] = ["accuracy", "loss"];
export const NO_CHART = /^(val_|sparse_top|learning_rate$)/;

/** Keras's keys of the measures that are drawn, in their order. */
export function chartsOf(history: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = Object.keys(history).filter((key) => !NO_CHART.test(key));
  return [...keys.filter((key) => !LAST.includes(key)), ...LAST.filter((key) => keys.includes(key))];
}

/** A key of Keras in words: `root mean squared error`. */
export const wordsOf = (key: string): string => key.replaceAll("_", " ");

/** The same as a title, for a measure that the library has no words for: `Root mean squared error`. */
export const titleOf = (key: string): string => `${key.charAt(0).toUpperCase()}${wordsOf(key.slice(1))}`;

/** The epoch with the best figure, counted from 1; 0 before there is one. */
export function bestEpoch(values: readonly number[], isHigherBetter: boolean): number {
  let best = 0;
  for (let i = 0; i < values.length; i++) {
    const [value, known] = [values[i]!, values[best - 1]];
    if (known === undefined || (isHigherBetter ? value > known : value < known)) best = i + 1;
  }
  return best;
}
