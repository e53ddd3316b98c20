// Patterns such as `photos/*.jpg` and `**/*.png`, expanded where no shell did it: Windows' shells hand them on as typed.
import { byCodePoint } from "../core/text-order.js";
import { exists } from "./files.js";

/** Checks whether a text may be a pattern: it has one of the characters `*`, `?`, `[`, `]`, `{` and `}`. */
export const looksLikePattern = (text: string): boolean => /[*?[\]{}]/.test(text);

/**
 * Files and folders that a pattern matches, from the root where it begins there, in code-point order; hidden ones only
 * where the pattern has the dot.
 * @param pattern has `/`, or on Windows `\`, between folders; `*`, `?`, `[abc]`, `{a,b}`, `**` for folders in folders
 */
export async function expandPattern(pattern: string): Promise<string[]> {
  const { glob } = await import("tinyglobby");
  const slashed = process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern;
  const absolute = /^([a-z]:)?\//i.test(slashed);
  const matches = await glob(slashed, { onlyFiles: false, expandDirectories: false, dot: false, absolute });
  const tidy = matches.map((path) => (path.length > 1 ? path.replace(/\/+$/, "") : path));
  return [...new Set(tidy)].sort(byCodePoint);
}

/** A path as it is typed: itself where there is such a file, else what it matches as a pattern; undefined for neither. */
export async function matchesOf(typed: string): Promise<string[] | undefined> {
  if (!looksLikePattern(typed) || (await exists(typed).catch(() => false))) return [typed];
  const matches = await expandPattern(typed);
  return matches.length === 0 ? undefined : matches;
}
