// A folder drawn as a tree, names in text order (1, 10, 100, 2), cut short in the middle. Lines out; nothing printed.
import { checkOptions, wholeNumber } from "../core/options.js";
import { singleLine } from "../core/text.js";
import { baseName } from "../platform/paths.js";
import { type Branch, walkFolder } from "../platform/walk.js";

/**
 * Draws a folder and all below it; hidden names are left out, and what is in a folder is drawn once.
 * @param folder The folder.
 * @param options `maxEntries`: most lines, at least 3; default 15. Of a longer tree the first ones and the last three remain,
 * with `...` between them.
 * @returns lines such as `CASIA-Dataset/`, `├── Test/`, `│   ├── 东/`
 * @throws FoveaError for fewer than 3 lines, and for a folder that does not exist.
 * @example (await displayTree("pets", { maxEntries: 6 })).join("\n"); // pets/, ├── cat/, │   ├── 1.png, ...
 */
export async function displayTree(folder: string, options: { maxEntries?: number } = {}): Promise<string[]> {
  checkOptions("displayTree", options, ["maxEntries"]);
  const maxEntries = wholeNumber("displayTree maxEntries", options.maxEntries ?? 15, 3);
  const lines = [`${singleLine(baseName(folder))}/`, ...drawn((await walkFolder(folder)).below, "")];
  if (lines.length <= maxEntries) return lines;
  const last = Math.min(3, Math.floor(maxEntries / 2));
  return [...lines.slice(0, maxEntries - last), "...", ...lines.slice(lines.length - last)];
}

function drawn(branches: readonly Branch[], indent: string): string[] {
  const lines: string[] = [];
  for (const [i, { name, isDirectory, below }] of branches.entries()) {
    const isLast = i === branches.length - 1;
    lines.push(`${indent}${isLast ? "└── " : "├── "}${singleLine(name)}${isDirectory ? "/" : ""}`);
    for (const line of drawn(below, `${indent}${isLast ? "    " : "│   "}`)) lines.push(line);
  }
  return lines;
}
