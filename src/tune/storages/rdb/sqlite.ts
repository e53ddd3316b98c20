// SQLite, through Node's own library where it has one (Node 22.13 and later), else through libsql, the same engine as a
// prebuilt binary. Both take the locks that every other SQLite takes, so Python's Optuna can use the file meanwhile.
import { FoveaError } from "../../../core/errors.js";
import { blockingFiles, exists, fileUrl } from "../../../platform/files.js";
import { nodeModule } from "../../../platform/node.js";
import { snapshotOf } from "../../../platform/snapshot.js";
import type { Connection, Database, Dialect, Row, SqlValue } from "./database.js";

/** Methods that both libraries have in common. */
interface Library {
  prepare(sql: string): Statement;
  exec(sql: string): unknown;
  close(): unknown;
}

interface Statement {
  all(...values: SqlValue[]): unknown[];
}

/** Opens a file with one of the libraries. */
type Opener = (path: string, readOnly: boolean) => Promise<Library>;

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

async function opener(): Promise<Opener> {
  try {
    const { DatabaseSync } = await nodeModule<{
      DatabaseSync: new (path: string, options: { readonly readOnly: boolean }) => Library;
    }>("sqlite");
    return async (path, readOnly) => new DatabaseSync(path, { readOnly });
  } catch {
    // Node 20, and 22 before 22.13.
  }
  try {
    const Constructor = (await import("libsql")).default as unknown as new (path: string) => Library;
    return async (path, readOnly) => new Constructor(readOnly ? `${await fileUrl(path)}?mode=ro` : path);
  } catch (cause) {
    throw new FoveaError(
      "unsupported-engine",
      "sqlite: this Node has no SQLite and the package libsql is not installed for this machine; use Node 22.13 or later, or a journal:// storage",
      { cause },
    );
  }
}

/**
 * Opens a database file; makes an empty one when there is none.
 * @param readOnly leaves the file, its folder and the files beside it as they are
 * @throws FoveaError when the file is something else.
 */
export async function openSqlite(path: string, readOnly = false): Promise<Database> {
  const open = await opener();
  try {
    if (!readOnly) return await opened(await open(path, false), path);
    return await openForReading(open, path);
  } catch (cause) {
    // A sentence already: the disk's, of a copy for one.
    if (cause instanceof FoveaError) throw cause;
    throw new FoveaError(
      "unknown-format",
      `cannot open ${path}: ${(cause as Error).message}; expected an SQLite database${readOnly ? "" : " or a new file"}`,
      { cause },
    );
  }
}

/** Offset of the write version in the file's header, and its value for a write-ahead log. */
const WRITE_VERSION = 18;
const AHEAD = 2;

/**
 * Opens a database plainly where that writes nothing. One with a write-ahead log needs files beside it, and one whose
 * writer died needs repair: of these it opens a copy.
 */
async function openForReading(open: Opener, path: string): Promise<Database> {
  const head = (await blockingFiles()).readHead(path, WRITE_VERSION + 1);
  if (head[WRITE_VERSION] !== AHEAD) {
    try {
      return await opened(await open(path, true), path);
    } catch (error) {
      if (!(await exists(`${path}-journal`))) throw error;
    }
  }
  const copy = await snapshotOf(path, [`${path}-wal`, `${path}-journal`]);
  try {
    return await opened(await open(copy.path, false), path, copy.remove);
  } catch (error) {
    await copy.remove();
    throw error;
  }
}

/** The database, once it has answered; one that does not is closed, for systems that remove no open files. */
async function opened(library: Library, path: string, onClose?: () => Promise<void>): Promise<Sqlite> {
  try {
    const database = new Sqlite(library, path, onClose);
    await database.query("SELECT name FROM sqlite_master LIMIT 1").catch((error) => {
      // A database in use is one.
      if (!database.isPassing(error)) throw error;
    });
    return database;
  } catch (error) {
    library.close();
    throw error;
  }
}

class Sqlite implements Database {
  readonly dialect = sqlite;
  readonly label: string;
  readonly #library: Library;
  readonly #statements = new Map<string, Statement>();

  readonly #onClose: (() => Promise<void>) | undefined;

  constructor(library: Library, path: string, onClose?: () => Promise<void>) {
    this.#library = library;
    this.#onClose = onClose;
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
    await this.#onClose?.();
  }
}
