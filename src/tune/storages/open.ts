// From a URL to a storage. What a storage needs (files, a database library) is loaded only when its URL is used.
import { FoveaError } from "../../core/errors.js";
import { MemoryStorage } from "./memory.js";
import type { Database } from "./rdb/database.js";
import type { Storage } from "./storage.js";

export interface StorageOptions {
  /** Seconds for which a database that does not answer is tried again. Default 60. */
  readonly patience?: number;
  /** Seconds after which a journal's lock counts as left by a process that died. Default 30, as in Optuna. */
  readonly lockGrace?: number;
}

/**
 * Opens a storage: `memory://`, `journal://file.log`, `sqlite:///file.db` or `postgresql://user@host/database`. A
 * journal's path follows its two slashes; SQLite's follows three, as Optuna has it (so four for an absolute one).
 * @throws FoveaError for another scheme, or what the storage says.
 */
export async function openStorage(url: string, { patience, lockGrace }: StorageOptions = {}): Promise<Storage> {
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+]*):\/\/(.*)$/is.exec(url) ?? [];
  switch (scheme?.toLowerCase().replace(/\+.*/, "")) {
    case "memory":
      return new MemoryStorage();
    case "journal":
      return (await import("./journal.js")).JournalStorage.open(rest, lockGrace);
    case "sqlite": {
      const { openSqlite } = await import("./rdb/sqlite.js");
      return openRdb(await openSqlite(rest.replace(/^\//, "")), patience);
    }
    case "postgres":
    case "postgresql": {
      const { openPostgres } = await import("./rdb/postgres.js");
      return openRdb(await openPostgres(url), patience);
    }
  }
  throw new FoveaError(
    `storage: expected journal://FILE, sqlite:///FILE, postgresql://... or memory://, received ${JSON.stringify(url)}`,
  );
}

async function openRdb(database: Database, patience: number | undefined): Promise<Storage> {
  return (await import("./rdb/storage.js")).RdbStorage.open(database, patience);
}
