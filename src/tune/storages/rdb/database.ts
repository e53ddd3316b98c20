// The interface of a relational database for a storage, and the words in which SQLite and PostgreSQL differ.

export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, SqlValue>>;

export interface Connection {
  /** Runs one statement; `?` stands for the values. */
  query(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
}

export interface Dialect {
  /** The type of a column that numbers its rows. */
  readonly serial: string;
  readonly double: string;
  readonly timestamp: string;
  /** The type of a column with one of some words; its name, and those words. */
  enumeration(name: string, words: readonly string[]): string;
  /** Statements to be run before tables are made. */
  readonly preparations: readonly string[];
  /** Ends a select that reads in order to write. */
  readonly forUpdate: string;
  /** Seconds from the time in a column until now. */
  secondsSince(column: string): string;
  /** A query for one row if there is a table of that name. */
  hasTable(name: string): string;
}

/** One database, used for one thing at a time. */
export interface Database extends Connection {
  readonly dialect: Dialect;
  /** Name in errors, without a password. */
  readonly label: string;
  /** Does `work` wholly or not at all, and alone among writers of the same rows. */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Checks whether an error may pass if one tries again: a lost connection, a lock. */
  isPassing(error: unknown): boolean;
  close(): Promise<void>;
}
