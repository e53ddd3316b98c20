// Fields of a table: reads the number in one, describes the fault of one that should be a number, and tells whether a
// column is meant to hold numbers.

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^[+-]?inf(inity)?$/i;
const NOT_A_NUMBER = /^[+-]?nan$/i;
const DECIMAL_COMMA = /^[+-]?(\d{1,3}(\.\d{3})+|\d*),\d+$/;
const THOUSANDS = /^[+-]?\d{1,3}([,'’ \u00a0\u2009\u202f]\d{3})+(\.\d+)?$/;
/** Largest 32-bit float; networks compute in these. */
const LARGEST = 3.4028234663852886e38;

/** The number in a field; NaN where there is none that a network could use. */
export function numberIn(text: string): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Math.abs(value) <= LARGEST ? value : Number.NaN;
}

/** Checks whether a text is meant as a number, in one notation or another. */
const looksNumeric = (text: string): boolean =>
  [NUMBER, INFINITE, NOT_A_NUMBER, DECIMAL_COMMA, THOUSANDS].some((form) => form.test(text));

/** Checks whether a text is a number with a decimal comma, or with something between thousands. */
export const isOtherNotation = (text: string): boolean => DECIMAL_COMMA.test(text) || THOUSANDS.test(text);

/**
 * True for a column of numbers, by its fields that are not missing: when most of them are numbers in one notation or
 * another, or when there are more different numbers than different texts.
 */
export function areNumbers(texts: readonly string[]): boolean {
  const numbers = texts.filter(looksNumeric);
  if (2 * numbers.length > texts.length) return true;
  const others = new Set(texts).size - new Set(numbers).size;
  return new Set(numbers).size > others;
}

/**
 * Fault of a field of a number column, and its remedy, as the end of a sentence.
 * @param isGuess true where the column's type was not given
 */
export function complaint(text: string, line: number, column: string, isGuess: boolean): string {
  const found = `expected a number, found ${JSON.stringify(text)} in line ${line}`;
  if (NUMBER.test(text) || INFINITE.test(text)) return `${found}; only finite numbers that 32 bits hold can be used`;
  if (isOtherNotation(text)) return `${found}; write decimals with a point and nothing between thousands`;
  if (!isGuess) return `${found}; correct the cell`;
  return `${found}; correct the cell, or say that the column has categories: types: {${JSON.stringify(column)}: "category"}`;
}
