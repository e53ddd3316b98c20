// From a URL to a storage. What a storage needs (files, a database library) is loaded only when its URL is used.
import { FoveaError } from "../../core/errors.js";
import { MemoryStorage } from "./memory.js";
import type { Database } from "./rdb/database.js";
import type { Storage } from "./storage.js";

/**
 * Opens a storage: `memory://`, `journal://file.log`, `sqlite:///file.db` or `postgresql://user@host/database`. A
 * journal's path follows its two slashes; SQLite's follows three, as Optuna has it (so four for an absolute one).
 * @throws FoveaError for another scheme, or what the storage says.
 */
export async function openStorage(url: string): Promise<Storage> {
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+]*):\/\/(.*)$/is.exec(url) ?? [];
  switch (scheme?.toLowerCase().replace(/\+.*/, "")) {
    case "memory":
      return new MemoryStorage();
    case "journal":
      return (await import("./journal.js")).JournalStorage.open(rest);
    case "sqlite": {
      const { openSqlite } = await import("./rdb/sqlite.js");
      return openRdb(await openSqlite(rest.replace(/^\//, "")));
    }
    case "postgres":
    case "postgresql": {
      const { openPostgres } = await import("./rdb/postgres.js");
      return openRdb(await openPostgres(url));
    }
  }
  throw new FoveaError(
    `storage: expected journal://FILE, sqlite:///FILE, postgresql://... or memory://, received ${JSON.stringify(url)}`,
  );
}

async function openRdb(database: Database): Promise<Storage> {
  return (await import("./rdb/storage.js")).RdbStorage.open(database);
}
