// Storages of studies by their URLs: paths below the folders that may be opened only, for reading, one of each.
import { FoveaError } from "fovea";
import { filesHere } from "fovea/files";
import { MemoryStorage, openStorage, type Storage } from "fovea/tune";
import type { Disk } from "./disk.js";
import { OutsideError } from "./outside.js";

/** The file of a study's folder. */
export const JOURNAL = "journal.log";
export const STUDIES = "studies";

const MEMORY = "memory://";

/** Parts of a URL of a storage that is a file: its beginning, and the path. */
function fileOf(url: string): readonly [scheme: string, path: string] | undefined {
  const [, scheme, rest] = /^(journal:\/\/|sqlite(?:\+[a-z0-9]+)?:\/\/\/)(.+)$/is.exec(url) ?? [];
  return scheme === undefined || rest === undefined ? undefined : [scheme, rest];
}

/**
 * The URL of a storage with the path of its file as the disk has it.
 * @param isNew the file may not be there yet, but its folder is
 * @throws OutsideError for a path that leads out of what was opened, FoveaError for a file that is not there
 */
export async function checkedUrl(url: string, disk: Disk, isNew = false): Promise<string> {
  if (/^memory:/i.test(url)) return MEMORY;
  const file = fileOf(url);
  if (file === undefined) {
    if (/^postgres(ql)?(\+[a-z0-9]+)?:\/\//i.test(url)) return url;
    throw new FoveaError(
      "malformed-text",
      "storage: expected journal://FILE, sqlite:///FILE, postgresql://... or memory://, received something else",
    );
  }
  const [scheme, path] = file;
  if (!isNew) return scheme + (await disk.resolve(path));
  const [, folder = "", name = ""] = /^(.*?)([^\\/]*)$/s.exec(path) ?? [];
  if (name === "" || name === "." || name === "..") throw new OutsideError(`${path}: expected the name of a file`);
  const whole = await disk.resolve(path).catch((error: unknown) => {
    if (error instanceof OutsideError) throw error;
  });
  const above = folder === "" ? disk.home : folder.replace(/(?<=.)[\\/]$/, "");
  return scheme + (whole ?? `${await disk.resolve(above)}/${name}`);
}

/** The storage of a path that was opened as a study: its folder, a journal, a database; undefined for anything else. */
export async function storageAt(path: string): Promise<string | undefined> {
  const facts = await filesHere.stat(path);
  if (facts === undefined) return undefined;
  if (facts.isDirectory)
    return (await filesHere.exists(`${path}/${JOURNAL}`)) ? `journal://${path}/${JOURNAL}` : undefined;
  if (/\.(db|sqlite3?)$/i.test(path)) return `sqlite:///${path}`;
  return /\.(log|journal)$/i.test(path) ? `journal://${path}` : undefined;
}

/** Storages that are open for reading. */
export class Storages {
  readonly #open = new Map<string, Promise<Opened>>();
  /** The storage of studies in memory, as long as this workbench lives. */
  readonly #memory = new MemoryStorage();

  /** A storage to read, as it is now: one whose changes only a new look shows is opened anew. */
  async reading(url: string): Promise<Storage> {
    if (url === MEMORY) return this.#memory;
    const known = await this.#open.get(url)?.catch(() => undefined);
    const mark = await aheadOf(url);
    if (known !== undefined && known.mark === mark) return known.storage;
    await known?.storage.close();
    const opening = openStorage(url, { existing: true, readOnly: true }).then((storage) => ({ storage, mark }));
    this.#open.set(url, opening);
    opening.catch(() => this.#open.delete(url));
    return (await opening).storage;
  }

  /** A storage to write. The caller closes it. */
  async writing(url: string): Promise<Storage> {
    return url === MEMORY ? this.#memory : openStorage(url);
  }

  async close(): Promise<void> {
    for (const opened of this.#open.values())
      await opened.then(({ storage }) => storage.close()).catch(() => undefined);
    this.#open.clear();
  }
}

interface Opened {
  readonly storage: Storage;
  readonly mark: string;
}

/** Changes with the write-ahead log of an SQLite file, of which readers open a copy; empty where there is none. */
async function aheadOf(url: string): Promise<string> {
  const [scheme, path] = fileOf(url) ?? [];
  if (!scheme?.startsWith("sqlite")) return "";
  const facts = await filesHere.stat(`${path}-wal`);
  return facts === undefined || facts.size === 0 ? "" : `${facts.size} ${facts.mtimeMs}`;
}
