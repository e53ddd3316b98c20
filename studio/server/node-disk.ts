// The disk of this machine, below the folders that the Studio was started for.
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { FoveaError } from "fovea";
import type { PlaceEntry } from "../contract/facts.js";
import type { Disk } from "../workbench/disk.js";
import { checkInside } from "../workbench/outside.js";

/** @param roots folders that may be opened; they are there */
export async function nodeDisk(roots: readonly string[], home: string): Promise<Disk> {
  const real = await Promise.all(roots.map((root) => realpath(root)));
  const inside = async (path: string): Promise<string> => {
    const wanted = resolve(path);
    const found = await realpath(wanted).catch(() => undefined);
    checkInside(path, found ?? wanted, real, sep);
    if (found === undefined) throw new FoveaError(`${path}: there is no such file or folder`);
    return found;
  };
  return {
    roots: real,
    home,
    resolve: inside,
    list: async (path) => {
      const folder = await inside(path);
      const entries = await readdir(folder, { withFileTypes: true });
      const shown = entries.filter(({ name }) => !name.startsWith("."));
      const listed = shown.map(
        (entry): PlaceEntry => ({ name: entry.name, path: join(folder, entry.name), isFolder: entry.isDirectory() }),
      );
      return listed.sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || a.name.localeCompare(b.name, "en"));
    },
    exists: async (path) => (await stat(path).catch(() => undefined)) !== undefined,
    readBytes: (path) => readFile(path),
  };
}
