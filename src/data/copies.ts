// Images that are the same to the byte: in two parts of the data, where they make figures too good, and in two classes,
// where one label must be wrong. Compares hashes only; nothing is read.
import type { Finding } from "./findings.js";

/** The images of one part of the data. */
export interface HashedPart {
  /** Name of the part in messages: `test`. */
  readonly name: string;
  /** Paths of the images. */
  readonly files: readonly string[];
  /** The SHA-256 of each image's bytes. */
  readonly hashes: readonly string[];
  /** The class of each; absent where images have none. */
  readonly classes?: readonly string[];
}

const EXAMPLES = 3;

/** The images of a part that another part has as well. */
interface Shared {
  readonly files: readonly string[];
  readonly count: number;
}

/**
 * The images of `part` that are copies of images of `earlier`.
 * @param part Paths and hashes of a part.
 * @param earlier A path for each hash of the parts before.
 * @example
 * const train = { files: ["a.png"], hashes: ["0f"] };
 * sharedImages({ files: ["b.png"], hashes: ["0f"] }, filesByHash(train)); // b.png is a copy of a.png
 * copyFindings([{ name: "train", ...train }, { name: "test", files: ["b.png"], hashes: ["0f"] }]);
 */
export function sharedImages(part: Pick<HashedPart, "files" | "hashes">, earlier: ReadonlyMap<string, string>): Shared {
  const pairs: string[] = [];
  let count = 0;
  for (const [i, hash] of part.hashes.entries()) {
    const copy = earlier.get(hash);
    if (copy === undefined) continue;
    count++;
    if (pairs.length < EXAMPLES) pairs.push(`${part.files[i]!} = ${copy}`);
  }
  return { files: pairs, count };
}

/** A file for each hash. */
export const filesByHash = ({ files, hashes }: Pick<HashedPart, "files" | "hashes">): Map<string, string> =>
  new Map(hashes.map((hash, i) => [hash, files[i]!]));

/**
 * Copies across parts, and copies with two classes.
 * @param parts from the one that trains to the one that is judged by: a later part is held against the earlier ones
 */
export function copyFindings(parts: readonly HashedPart[]): Finding[] {
  const across = parts.flatMap((part, later) => copiesIn(part, parts.slice(0, later)));
  return [...across, ...twoClasses(parts)];
}

/** The images of a part that an earlier part has as well. */
function copiesIn(part: HashedPart, earlier: readonly HashedPart[]): Finding[] {
  const shared = earlier
    .map(({ name, files, hashes }) => ({ name, ...sharedImages(part, filesByHash({ files, hashes })) }))
    .filter(({ count }) => count > 0);
  const all = new Map(earlier.flatMap((before) => [...filesByHash(before)]));
  const { count, files } = sharedImages(part, all);
  if (count === 0) return [];
  const names = shared.map(({ name }) => name).join(" and ");
  const each = shared.length > 1 ? `${shared.map((source) => `${source.count} of ${source.name}`).join(", ")}: ` : "";
  return [
    {
      kind: "leak",
      severity: "warning",
      files,
      evidence:
        `${count} of the ${part.files.length} ${part.name} images ${count === 1 ? "is a copy" : "are copies"}, byte for ` +
        `byte, of ${names} images (${each}${listed(files, count)})`,
      remedy: `the ${part.name} figures are better than on new images; remove the copies, or keep them in one part`,
    },
  ];
}

/** The same name, also where two systems spell it otherwise. */
const areAlike = (a: string, b: string): boolean => a.normalize("NFC") === b.normalize("NFC");

function twoClasses(parts: readonly HashedPart[]): Finding[] {
  const found = new Map<
    string,
    { readonly file: string; readonly name: string | undefined; part: string; other?: string }
  >();
  const inTwo = new Set<string>();
  for (const { name: part, files, hashes, classes } of parts)
    for (const [i, hash] of hashes.entries()) {
      const first = found.get(hash);
      if (first === undefined) found.set(hash, { file: files[i]!, name: classes?.[i], part });
      else if (first.name !== undefined && classes !== undefined && !areAlike(first.name, classes[i]!)) {
        first.other ??= files[i]!;
        inTwo.add(hash);
      }
    }
  if (inTwo.size === 0) return [];
  const judged = parts.at(-1)!;
  const concerned = new Set(judged.hashes.filter((hash) => inTwo.has(hash))).size;
  const pairs = [...inTwo].slice(0, EXAMPLES).map((hash) => `${found.get(hash)!.file} = ${found.get(hash)!.other}`);
  const count = inTwo.size;
  const whole = `${count === 1 ? "1 image lies" : `${count} images lie`} in two classes, byte for byte the same (${listed(pairs, count)})`;
  return [
    {
      kind: "label",
      severity: "warning",
      files: pairs,
      evidence: `${whole}${parts.length > 1 ? `, ${concerned} of them among the ${judged.name} images` : ""}`,
      remedy: "one of the two labels is wrong, and no model can be right about both; keep each image in one class",
    },
  ];
}

const listed = (files: readonly string[], count: number): string =>
  `${files.join(", ")}${count > files.length ? ", ..." : ""}`;
