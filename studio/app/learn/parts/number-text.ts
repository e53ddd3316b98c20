// Numbers in formulas and cells: short, in the reader's locale, without separators that a formula could take for commas.
const format = new Intl.NumberFormat(undefined, { maximumFractionDigits: 3, useGrouping: false });
const brief = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1, useGrouping: false });

/** Up to three places: `0.111`. */
export const short = (value: number): string => format.format(value === 0 ? 0 : value);

/** A number in a cell: `28.3`, `511`. */
export const cellNumber = (value: number): string =>
  Math.abs(value) >= 100 ? String(Math.round(value)) : brief.format(Math.abs(value) < 0.05 ? 0 : value);

/** A number as a factor: negative numbers in brackets. */
export const factor = (value: number): string => (value < 0 ? `(${short(value)})` : short(value));
