// A line of facts: what every list and headline of a page is made of.

/** One line of a two-column table. */
export interface FactRow {
  readonly label: string;
  readonly value: string;
}
