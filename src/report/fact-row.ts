// A line of the two-column tables that begin a page.

/** One line of a two-column table. */
export interface FactRow {
  readonly label: string;
  readonly value: string;
}
