// SQLite, through Node's own library where it has one (Node 22.13 and later), else through libsql, the same engine as a
// prebuilt binary. Both take the locks that every other SQLite takes, so Python's Optuna can use the file meanwhile.
import { FoveaError } from "../../../core/errors.js";
import { nodeModule } from "../../../platform/node.js";
import type { Connection, Database, Dialect, Row, SqlValue } from "./database.js";

/** What both libraries have in common. */
interface Library {
  prepare(sql: string): Statement;
  exec(sql: string): unknown;
  close(): unknown;
}

interface Statement {
  all(...values: SqlValue[]): unknown[];
}

type Constructor = new (path: string) => Library;

const sqlite: Dialect = {
  serial: "INTEGER",
  double: "FLOAT",
  timestamp: "DATETIME",
  enumeration: (_, words) => `VARCHAR(${Math.max(...words.map((word) => word.length))})`,
  preparations: [],
  forUpdate: "",
  secondsSince: (column) => `(julianday('now') - julianday(${column})) * 86400`,
  hasTable: (name) => `SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = '${name}'`,
};

async function constructorOf(): Promise<Constructor> {
  try {
    return (await nodeModule<{ DatabaseSync: Constructor }>("sqlite")).DatabaseSync;
  } catch {
    // Node 20, and 22 before 22.13.
  }
  try {
    return (await import("libsql")).default as unknown as Constructor;
  } catch (cause) {
    throw new FoveaError(
      "sqlite: this Node has no SQLite and the package libsql is not installed for this machine; use Node 22.13 or later, or a journal:// storage",
      { cause },
    );
  }
}

/** Opens a database file; makes an empty one when there is none. @throws FoveaError when the file is something else. */
export async function openSqlite(path: string): Promise<Database> {
  const Constructor = await constructorOf();
  try {
    const database = new Sqlite(new Constructor(path), path);
    await database.query("SELECT name FROM sqlite_master LIMIT 1").catch((error) => {
      // A database in use is one.
      if (!database.isPassing(error)) throw error;
    });
    return database;
  } catch (cause) {
    throw new FoveaError(
      `cannot open ${path}: ${(cause as Error).message}; expected an SQLite database or a new file`,
      { cause },
    );
  }
}

class Sqlite implements Database {
  readonly dialect = sqlite;
  readonly label: string;
  readonly #library: Library;
  readonly #statements = new Map<string, Statement>();

  constructor(library: Library, path: string) {
    this.#library = library;
    this.label = path;
    library.exec("PRAGMA foreign_keys = ON");
  }

  async query(sql: string, values: readonly SqlValue[] = []): Promise<readonly Row[]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#library.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement.all(...values) as Row[];
  }

  async transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    this.#library.exec("BEGIN IMMEDIATE");
    try {
      const result = await work(this);
      this.#library.exec("COMMIT");
      return result;
    } catch (error) {
      try {
        this.#library.exec("ROLLBACK");
      } catch {
        // After a full disk or a damaged page SQLite has rolled back by itself; the first error tells why.
      }
      throw error;
    }
  }

  isPassing(error: unknown): boolean {
    return error instanceof Error && /database (table )?is (locked|busy)/i.test(error.message);
  }

  async close(): Promise<void> {
    this.#library.close();
  }
}
