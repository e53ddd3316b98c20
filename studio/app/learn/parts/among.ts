// Reading the state of a page: values of an address that somebody may have written by hand.
export type State = Readonly<Record<string, string>>;

/** The value if it is one of those known, else the fallback. */
export const among = <T extends string>(values: readonly T[], value: string | undefined, fallback: T): T =>
  values.find((known) => known === value) ?? fallback;

/** A whole number of a few, else the fallback. */
export const amongNumbers = (values: readonly number[], value: string | undefined, fallback: number): number =>
  values.find((known) => String(known) === value) ?? fallback;
