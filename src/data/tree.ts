// A folder drawn as a tree, names in text order (1, 10, 100, 2), cut short in the middle. Lines out; nothing printed.
import { checkOptions, wholeNumber } from "../core/options.js";
import { listDirectory } from "../platform/files.js";
import { baseName, joinPath } from "../platform/paths.js";

/**
 * Draws a folder and all below it; hidden names are left out.
 * @param options.maxEntries how many lines remain when there are more: the last three and, before `...`, the first
 * @returns lines such as `CASIA-Dataset/`, `├── Test/`, `│   ├── 东/`
 */
export async function displayTree(folder: string, options: { maxEntries?: number } = {}): Promise<string[]> {
  checkOptions("displayTree", options, ["maxEntries"]);
  const maxEntries = wholeNumber("displayTree maxEntries", options.maxEntries ?? 15, 3);
  const lines = [`${baseName(folder)}/`, ...(await branches(folder, ""))];
  if (lines.length <= maxEntries) return lines;
  const last = Math.min(3, Math.floor(maxEntries / 2));
  return [...lines.slice(0, maxEntries - last), "...", ...lines.slice(lines.length - last)];
}

async function branches(folder: string, indent: string): Promise<string[]> {
  const entries = (await listDirectory(folder)).filter((entry) => !entry.name.startsWith("."));
  const lines: string[] = [];
  for (const [i, entry] of entries.entries()) {
    const isLast = i === entries.length - 1;
    lines.push(`${indent}${isLast ? "└── " : "├── "}${entry.name}${entry.isDirectory ? "/" : ""}`);
    if (entry.isDirectory) {
      const below = await branches(joinPath(folder, entry.name), `${indent}${isLast ? "    " : "│   "}`);
      for (const line of below) lines.push(line);
    }
  }
  return lines;
}
