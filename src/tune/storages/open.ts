// From a URL to a storage. What a storage needs (files, a database library) is loaded only when its URL is used.
import { FoveaError } from "../../core/errors.js";
import { MemoryStorage } from "./memory.js";
import type { Storage } from "./storage.js";

/**
 * Opens a storage: `memory://`, `journal://file.log`, `sqlite:///file.db` or `postgresql://user@host/database`, which is
 * how Optuna writes them. Three slashes are a relative path, four an absolute one.
 * @throws FoveaError for another scheme, or what the storage says.
 */
export async function openStorage(url: string): Promise<Storage> {
  const [, scheme] = /^([a-z][a-z0-9+]*):\/\/(.*)$/is.exec(url) ?? [];
  switch (scheme?.toLowerCase().replace(/\+.*/, "")) {
    case "memory":
      return new MemoryStorage();
  }
  throw new FoveaError(
    `storage: expected journal://FILE, sqlite:///FILE, postgresql://... or memory://, received ${JSON.stringify(url)}`,
  );
}
