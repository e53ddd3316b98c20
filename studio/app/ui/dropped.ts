// Files that somebody drops or picks: folders with all that lies in them, hidden files left out.
import type { BroughtFile } from "../host/packing.js";

export interface Brought {
  readonly files: readonly BroughtFile[];
  /** A name for all of them: that of the folder or of the first file. */
  readonly name: string;
}

const isHidden = (name: string): boolean => name.startsWith(".") || name === "__MACOSX";

/** The files of a picker; those of a folder have their paths in it. */
export function pickedFiles(list: FileList): Brought {
  const files = [...list]
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => !path.split("/").some(isHidden));
  return { files, name: nameOf(files.map(({ path }) => path)) };
}

/** The files of a drop, those of folders too. The drop's own list must be read before its event ends. */
export async function droppedFiles(transfer: DataTransfer): Promise<Brought> {
  const files: BroughtFile[] = [];
  const entries: FileSystemEntry[] = [];
  for (const item of transfer.items) {
    const entry = item.webkitGetAsEntry();
    const file = entry === null ? item.getAsFile() : null;
    if (entry !== null) entries.push(entry);
    else if (file !== null && !isHidden(file.name)) files.push({ path: file.name, file });
  }
  const names = [...entries.map(({ name }) => name), ...files.map(({ path }) => path)];
  for (const entry of entries) await collect(entry, files);
  return { files, name: nameOf(names) };
}

/** A name for what has these paths: that of their only folder or file. */
function nameOf(paths: readonly string[]): string {
  const tops = new Set(paths.map((path) => path.split("/")[0]!));
  const [first = "images"] = tops;
  return tops.size === 1 ? first.replace(/\.\w{1,5}$/, "") : "images";
}

async function collect(entry: FileSystemEntry, files: BroughtFile[]): Promise<void> {
  if (isHidden(entry.name)) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    files.push({ path: entry.fullPath.replace(/^\//, ""), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives some hundred entries at a time, and none when it has given all.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const inner of some) await collect(inner, files);
  }
}
