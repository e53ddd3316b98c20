// A folder and all below it, hidden names left out. Links are followed, but each folder is entered only once, whatever
// leads to it: links in a circle end, and many links to one folder do not multiply what is in it.
import { type DirectoryEntry, listDirectory, realPath } from "./files.js";
import { joinPath } from "./paths.js";

/** A file, or a folder with what is in it, in code-point order. */
export interface Branch extends DirectoryEntry {
  readonly below: readonly Branch[];
  /** True where this is a folder that was entered before, by another path: `below` is empty then. */
  readonly again: boolean;
}

/** The entries of a folder without hidden ones. */
export const visibleEntries = async (folder: string): Promise<DirectoryEntry[]> =>
  (await listDirectory(folder)).filter(({ name }) => !name.startsWith("."));

/**
 * Walks a folder.
 * @param entered the real paths of folders that are not entered; those that are will be among them
 * @param name how the result calls the folder itself
 */
export async function walkFolder(folder: string, entered = new Set<string>(), name = folder): Promise<Branch> {
  const path = await realPath(folder);
  const again = entered.has(path);
  entered.add(path);
  const below: Branch[] = [];
  for (const entry of again ? [] : await visibleEntries(folder))
    below.push(
      entry.isDirectory
        ? await walkFolder(joinPath(folder, entry.name), entered, entry.name)
        : { ...entry, below: [], again: false },
    );
  return { name, isDirectory: true, below, again };
}

/** The files below a branch, and the folders that were not entered again, with their paths; its own name begins these. */
export function* leavesOf(branch: Branch, path = branch.name): Generator<{ path: string; branch: Branch }> {
  if (!branch.isDirectory || branch.again) yield { path, branch };
  for (const child of branch.below) yield* leavesOf(child, joinPath(path, child.name));
}
