// Files that a source is made of, wherever they lie: in a folder on the disk, in a zip archive, or on a page. A manifest,
// IDX pairs, GNT files and class folders are read from any of them alike.
import { byCodePoint } from "../../core/text-order.js";
import { blockingFiles } from "../../platform/files.js";
import { joinPath } from "../../platform/paths.js";
import { visibleEntries } from "../../platform/walk.js";

export interface StoredFile {
  /** Length in bytes. */
  readonly size: number;
  /** Path on the disk, which decoding threads read themselves; absent elsewhere. */
  readonly disk?: string;
  bytes(): Promise<Uint8Array>;
  /** Some bytes of it, without reading the rest where that can be spared. */
  range(start: number, length: number): Promise<Uint8Array>;
}

export interface FileSet {
  /** Name in messages. */
  readonly where: string;
  /** The folder on the disk; absent for an archive and for files of a page. */
  readonly folder?: string;
  /** Paths with `/`, in code-point order; of a folder on the disk only those of files directly in it. */
  readonly paths: readonly string[];
  /** A file by its path; undefined where there is none. */
  file(path: string): StoredFile | undefined;
}

/** The files of a folder on the disk, asked for by paths that may lead into its subfolders, or be absolute. */
export async function folderFiles(folder: string): Promise<FileSet> {
  const find = await diskFile();
  return {
    where: folder,
    folder,
    paths: (await visibleEntries(folder)).filter(({ isDirectory }) => !isDirectory).map(({ name }) => name),
    file: (path) => find(isAbsolutePath(path) ? path : joinPath(folder, path)),
  };
}

/** Finds files of the disk, blocking: a manifest may ask for a hundred thousand of them. */
async function diskFile(): Promise<(path: string) => StoredFile | undefined> {
  const disk = await blockingFiles();
  return (path) => {
    const facts = disk.stat(path);
    if (facts === undefined || facts.isDirectory) return undefined;
    return {
      size: facts.size,
      disk: path,
      bytes: async () => disk.readBytes(path),
      range: async (start, length) => disk.withSource(path, (source) => source.read(start, length).slice()),
    };
  };
}

/**
 * Absolute on any system: `/data/1.png`, `C:/data/1.png`.
 * @param path A path of any system.
 * @example isAbsolutePath("C:/data/1.png"); // true
 */
export const isAbsolutePath = (path: string): boolean => path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path);

/**
 * A set of files that are no folder of the disk. Hidden files and what macOS adds to archives are left out, and a folder
 * that all of them lie in is left off: an archive of a folder is that folder.
 */
export function fileSetOf(where: string, files: ReadonlyMap<string, StoredFile>): FileSet {
  const visible = [...files.keys()].filter((path) => !path.split("/").some(isHidden));
  const first = visible[0]?.split("/") ?? [];
  const shared = first.length > 1 && visible.every((path) => path.startsWith(`${first[0]}/`)) ? `${first[0]}/` : "";
  const byPath = new Map(visible.map((path) => [path.slice(shared.length), files.get(path)!]));
  // A manifest from one system may spell names otherwise than the archive of another; readers see no difference.
  const alike = new Map([...byPath.keys()].map((path) => [path.normalize("NFC"), path]));
  const file = (path: string): StoredFile | undefined =>
    byPath.get(path) ?? byPath.get(alike.get(path.normalize("NFC")) ?? "");
  return { where, paths: [...byPath.keys()].sort(byCodePoint), file };
}

const isHidden = (name: string): boolean => name.startsWith(".") || name === "__MACOSX";
