// Files that somebody drops or picks: folders with all that lies in them, hidden files left out. Files that would not
// fit into one archive are refused by their names and sizes, before any file is read.
import { tooMuch } from "../../contract/upload.js";
import type { BroughtFile } from "../host/packing.js";

export interface Brought {
  readonly files: readonly BroughtFile[];
  /** A name for all of them: that of the folder or of the first file. */
  readonly name: string;
}

const isHidden = (name: string): boolean => name.startsWith(".") || name === "__MACOSX";

/** Files that come together, each under a path of its own: folders of one name may be dropped at once. */
class Gathered implements Brought {
  readonly files: BroughtFile[] = [];
  readonly name: string;
  readonly #paths = new Set<string>();
  #bytes = 0;

  /** @param tops names of what was dropped or picked */
  constructor(tops: readonly string[]) {
    this.name = nameOf(tops);
  }

  /** @throws Error with a sentence where it is too much */
  add(wanted: string, file: File): void {
    this.#bytes += file.size;
    const refusal = tooMuch(this.name, this.files.length + 1, this.#bytes);
    if (refusal !== undefined) throw new Error(refusal);
    let path = wanted;
    for (let n = 2; this.#paths.has(path); n++) path = wanted.replace(/(\.\w+)?$/, `-${n}$1`);
    this.#paths.add(path);
    this.files.push({ path, file });
  }
}

/** The files of a picker; those of a folder have their paths in it. @throws Error with a sentence where it is too much */
export async function pickedFiles(list: FileList): Promise<Brought> {
  const files = [...list]
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => !path.split("/").some(isHidden));
  const gathered = new Gathered(files.map(({ path }) => path));
  for (const { path, file } of files) gathered.add(path, file);
  return gathered;
}

/**
 * The files of a drop, those of folders too. The drop's own list must be read before its event ends.
 * @throws Error with a sentence where it is too much
 */
export async function droppedFiles(transfer: DataTransfer): Promise<Brought> {
  const entries: FileSystemEntry[] = [];
  const loose: File[] = [];
  for (const item of transfer.items) {
    const entry = item.webkitGetAsEntry();
    const file = entry === null ? item.getAsFile() : null;
    if (entry !== null) entries.push(entry);
    else if (file !== null && !isHidden(file.name)) loose.push(file);
  }
  const gathered = new Gathered([...entries, ...loose].map(({ name }) => name));
  for (const file of loose) gathered.add(file.name, file);
  for (const entry of entries) await collect(entry, gathered);
  return gathered;
}

/** A name for what has these paths: that of their only folder or file. */
function nameOf(paths: readonly string[]): string {
  const tops = new Set(paths.map((path) => path.split("/")[0]!));
  const [first = "images"] = tops;
  return tops.size === 1 ? first.replace(/\.\w{1,5}$/, "") : "images";
}

async function collect(entry: FileSystemEntry, gathered: Gathered): Promise<void> {
  if (isHidden(entry.name)) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    gathered.add(entry.fullPath.replace(/^\//, ""), file);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives some hundred entries at a time, and none when it has given all.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const inner of some) await collect(inner, gathered);
  }
}
