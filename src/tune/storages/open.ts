// From a URL to a storage. The requirements of a storage (files, a database library) are loaded only when its URL is
// used.
import { FoveaError, shown } from "../../core/errors.js";
import { checkOptions, flag, numberWithin } from "../../core/options.js";
import { filesHere } from "../../platform/files/files-here.js";
import { isNode } from "../../platform/node.js";
import { MemoryStorage } from "./memory.js";
import type { Database } from "./rdb/database.js";
import type { Storage, StorageOptions } from "./storage.js";

/**
 * Opens a storage: `memory://`, `journal://file.log`, `sqlite:///file.db` or `postgresql://user@host/database`. A
 * journal's path follows its two slashes; SQLite's follows three, as Optuna has it (so four for an absolute one).
 * @param url The storage's address.
 * @throws FoveaError for another scheme, an unknown option, or an error of the storage.
 * @example
 * const storage = await openStorage("journal://study.log");
 * await storage.close();
 */
export async function openStorage(url: string, options: StorageOptions = {}): Promise<Storage> {
  checkStorageOptions(options);
  if (typeof url !== "string")
    throw new FoveaError("wrong-type", `openStorage: expected a URL, received ${shown(url)}`);
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+]*):\/\/(.*)$/is.exec(url) ?? [];
  const kind = scheme?.toLowerCase().replace(/\+.*/, "") ?? "";
  if (kind === "memory") return new MemoryStorage();
  if (!isNode && ["sqlite", "postgres", "postgresql"].includes(kind))
    throw new FoveaError("unsupported-engine", `storage: a browser has no ${kind}://; use memory:// or journal://FILE`);
  if (kind === "postgres" || kind === "postgresql") {
    const { openPostgres } = await import("./rdb/postgres.js");
    return openRdb(await openPostgres(url), options);
  }
  const path = kind === "sqlite" ? rest.replace(/^\//, "") : rest;
  if ((kind !== "journal" && kind !== "sqlite") || path === "")
    throw new FoveaError(
      "malformed-text",
      `storage: expected journal://FILE, sqlite:///FILE, postgresql://... or memory://, received ${JSON.stringify(withoutPassword(url))}`,
    );
  if ((options.existing || options.readOnly) && !(await (options.files ?? filesHere).exists(path)))
    throw new FoveaError(
      "not-found",
      `there is no storage at ${path}; fovea tune run makes one, fovea tune list shows those there are`,
    );
  if (kind === "journal") return (await import("./journal.js")).JournalStorage.open(path, options);
  const { openSqlite } = await import("./rdb/sqlite.js");
  return openRdb(await openSqlite(path, options.readOnly), options);
}

function checkStorageOptions(options: StorageOptions): void {
  checkOptions("openStorage", options, ["patience", "lockGrace", "existing", "readOnly", "files"]);
  const { patience, lockGrace, existing, readOnly } = options;
  for (const [name, seconds] of Object.entries({ patience, lockGrace }))
    if (seconds !== undefined) numberWithin(`openStorage: ${name}`, seconds, 0);
  for (const [name, value] of Object.entries({ existing, readOnly })) flag(`openStorage: ${name}`, value, false);
}

async function openRdb(database: Database, options: StorageOptions): Promise<Storage> {
  return (await import("./rdb/storage.js")).RdbStorage.open(database, options);
}

/**
 * A storage's URL as it may be shown, logged and kept.
 * @param url The storage's address.
 * @example withoutPassword("postgresql://me:secret@host/db"); // "postgresql://me@host/db"
 */
export const withoutPassword = (url: string): string =>
  url.replace(/^([a-z][a-z0-9+]*:\/\/[^:@/?#]*):[^/?#]*@/i, "$1@").replace(/([?&]password=)[^&#]*/gi, "$1...");
