// A line of facts: what every list and headline of a page is made of.

/** One line of a two-column table. */
export interface FactRow {
  /** The label that pages show. */
  readonly label: string;
  /** The value. */
  readonly value: string;
}
