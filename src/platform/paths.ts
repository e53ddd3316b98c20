// Paths as text: joined and taken apart with either separator, without asking the disk or Node.

const LAST_SEPARATOR = /[/\\](?=[^/\\]*$)/;

/** The parts joined by `/`, which every system accepts. Empty parts are left out. */
export function joinPath(...parts: string[]): string {
  const given = parts.filter((part) => part !== "");
  return given
    .map((part, i) => (i < given.length - 1 ? part.replace(/[/\\]+$/, "") : part))
    .map((part, i) => (i > 0 ? part.replace(/^[/\\]+/, "") : part))
    .join("/");
}

const trimmed = (path: string): string => path.replace(/(?<=[^/\\])[/\\]+$/, "");

/** The last part of a path: `baseName("a/b.png")` is `b.png`, and so is `baseName("a\\b.png")`. */
export const baseName = (path: string): string => trimmed(path).split(LAST_SEPARATOR).at(-1)!;

/** Everything before the last part, `.` when there is nothing and `/` for a file in the root. */
export function parentFolder(path: string): string {
  const whole = trimmed(path);
  const cut = whole.search(LAST_SEPARATOR);
  return cut < 0 ? "." : whole.slice(0, cut) || "/";
}

/** The extension in lower case with its dot, `""` when there is none: `extensionOf("a/B.PNG")` is `.png`. */
export function extensionOf(path: string): string {
  return /[^.](\.[^.]*)$/.exec(baseName(path))?.[1]?.toLowerCase() ?? "";
}
