// Paths as text, joined and taken apart without asking the disk. A backslash separates on Windows; elsewhere it is a
// character of a name like any other.
import { isNode } from "./node.js";

/** Functions of paths as text. */
export interface Paths {
  /** The parts joined by `/`, which every system accepts. Empty parts are left out. */
  joinPath(...parts: string[]): string;
  /** The last part of a path: `baseName("a/b.png")` is `b.png`. */
  baseName(path: string): string;
  /** Everything before the last part, `.` when there is nothing and `/` for a file in the root. */
  parentFolder(path: string): string;
  /** The extension in lower case with its dot, `""` when there is none: `extensionOf("a/B.PNG")` is `.png`. */
  extensionOf(path: string): string;
}

/** Paths of Windows, where both `/` and `\` separate, or of other systems, where `/` does. */
export function pathsOf(system: "windows" | "other"): Paths {
  const [last, leading, trailing] =
    system === "windows" ? [/[/\\](?=[^/\\]*$)/, /^[/\\]+/, /[/\\]+$/] : [/\/(?=[^/]*$)/, /^\/+/, /\/+$/];
  /** Without separators at the end, but for the root. */
  const trimmed = (path: string): string => path.replace(trailing, "") || path.slice(0, 1);
  const baseName = (path: string): string => trimmed(path).split(last).at(-1)!;
  return {
    baseName,
    joinPath(...parts) {
      const present = parts.filter((part) => part !== "");
      return present
        .map((part, i) => (i < present.length - 1 ? part.replace(trailing, "") : part))
        .map((part, i) => (i > 0 ? part.replace(leading, "") : part))
        .join("/");
    },
    parentFolder(path) {
      const whole = trimmed(path);
      const cut = whole.search(last);
      return cut < 0 ? "." : whole.slice(0, cut) || "/";
    },
    extensionOf: (path) => /[^.](\.[^.]*)$/.exec(baseName(path))?.[1]?.toLowerCase() ?? "",
  };
}

export const { joinPath, baseName, parentFolder, extensionOf } = pathsOf(
  isNode && process.platform === "win32" ? "windows" : "other",
);
