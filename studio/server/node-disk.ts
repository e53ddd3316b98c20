// The disk of this machine, below the folders that the Studio was started for.
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { FoveaError } from "fovea";
import { openSource } from "fovea/data";
import { findData } from "fovea/experiment";
import type { PlaceEntry } from "../contract/facts.js";
import type { Disk, OpenedData, SourceFolder } from "../workbench/disk.js";
import { SET_WRITERS } from "../workbench/generated.js";
import { checkInside } from "../workbench/outside.js";

/**
 * @param roots folders that may be opened; they are there
 * @param setShare share of the images of a generated set that is drawn
 */
export async function nodeDisk(roots: readonly string[], home: string, setShare = 1): Promise<Disk> {
  const real = [...new Set(await Promise.all(roots.map((root) => realpath(root))))];
  const inside = async (path: string): Promise<string> => {
    const wanted = resolve(home, path);
    const found = await realpath(wanted).catch(() => undefined);
    checkInside(path, found ?? wanted, real, sep);
    if (found === undefined) throw new FoveaError("not-found", `${path}: there is no such file or folder`);
    return found;
  };
  const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;
  return {
    roots: real,
    home,
    resolve: inside,
    list: async (path) => listed(await inside(path), inside),
    exists,
    readBytes: (path) => readFile(path),
    openData,
    generate: async (name, drawing) => {
      const path = join(home, name);
      if (!(await exists(path))) await SET_WRITERS[name](path, drawing, setShare);
      return path;
    },
  };
}

/** The most entries that a dialog shows: a folder may have a hundred thousand images. */
const MOST_LISTED = 1000;

/** The folders and files of a folder, without hidden ones and links that lead out. */
async function listed(folder: string, inside: (path: string) => Promise<string>): Promise<PlaceEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const shown = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith("."))
      .map(async (entry): Promise<PlaceEntry | undefined> => {
        const path = join(folder, entry.name);
        if (!entry.isSymbolicLink()) return { name: entry.name, path, isFolder: entry.isDirectory() };
        const target = await inside(path).catch(() => undefined);
        if (target === undefined) return undefined;
        return { name: entry.name, path, isFolder: (await stat(target)).isDirectory() };
      }),
  );
  const order = new Intl.Collator("en", { numeric: true });
  return shown
    .filter((entry) => entry !== undefined)
    .sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || order.compare(a.name, b.name))
    .slice(0, MOST_LISTED);
}

async function openData(path: string): Promise<OpenedData> {
  const { train, validation, test } = await findData(path);
  if (validation === undefined && test === undefined)
    return { sources: { train }, folders: [{ source: await openSource(train) }] };
  const folders: SourceFolder[] = [];
  for (const part of [train, validation, test])
    if (part !== undefined) folders.push({ part: part.split(/[\\/]/).at(-1)!, source: await openSource(part) });
  return { sources: { train, ...(validation && { validation }), ...(test && { test }) }, folders };
}
