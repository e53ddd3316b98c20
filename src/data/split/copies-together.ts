// Groups in which copies of an image count as one: whoever shares a file's bytes, or a group, lands in the same part.

/**
 * A group for each image: its own group joined with those of all its copies, and of their copies.
 * @param hashes SHA-256 of each image; an empty one is not a copy
 * @param groups groups that are kept whole besides; default: each image its own
 * @returns names of groups, each that of its first image, which `groupSplit` takes
 * @example copiesTogether(["a", "b", "a"]) // ["0", "1", "0"]
 */
export function copiesTogether(hashes: readonly string[], groups?: readonly string[]): string[] {
  const parents = Int32Array.from(hashes.keys());
  const rootOf = (row: number): number => {
    let root = row;
    while (parents[root] !== root) root = parents[root]!;
    // Shortens the way for the next time.
    for (let at = row; at !== root; ) [at, parents[at]] = [parents[at]!, root];
    return root;
  };
  const join = (keys: readonly string[]): void => {
    const first = new Map<string, number>();
    for (const [row, key] of keys.entries()) {
      if (key === "") continue;
      const earlier = first.get(key);
      if (earlier === undefined) {
        first.set(key, row);
        continue;
      }
      const [a, b] = [rootOf(earlier), rootOf(row)];
      parents[Math.max(a, b)] = Math.min(a, b);
    }
  };
  join(hashes);
  if (groups !== undefined) join(groups);
  return Array.from(hashes.keys(), (row) => String(rootOf(row)));
}
