// Names of the files that are written one for each image: the images' own, below the folder that all images share, and no two
// alike on any disk.
import { baseName, extensionOf, joinPath, parentFolder } from "../../platform/paths.js";

/** Folders and name of a path, without its root. */
function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (let rest = path; rest !== "." && rest !== "/"; rest = parentFolder(rest)) parts.unshift(baseName(rest));
  return parts.filter((part) => part !== "." && part !== "");
}

/** The number of folders that all paths begin with. */
function sharedFolders(paths: readonly (readonly string[])[]): number {
  const [first = []] = paths;
  let shared = Math.max(0, first.length - 1);
  for (const parts of paths) {
    let alike = 0;
    while (alike < Math.min(shared, parts.length - 1) && parts[alike] === first[alike]) alike++;
    shared = alike;
  }
  return shared;
}

/** The path by which files are told apart: on many disks names are the same but for capitals or the form of their accents. */
const keyOf = (path: string): string => path.normalize("NFC").toLowerCase();

/**
 * Paths below one folder, decided for all images before the first is written: `s1/a.png` stays `s1/a.png`. Of images that
 * would share a file (`a.jpg` and `a.png`, or `A.png` on disks without case) the later ones get a number that no image has.
 * @example
 * const names = new ImageFileNames(["p/a.jpg", "p/a.png", "p/a-2.png"], ".png");
 * names.next("p/a.jpg"); // "a.png"
 * names.next("p/a.png"); // "a-3.png", since a-2.png is another image's
 */
export class ImageFileNames {
  readonly #taken = new Set<string>();
  readonly #decided = new Map<string, string[]>();
  /** The last number behind each name. */
  readonly #numbers = new Map<string, number>();
  readonly #shared: number;

  /**
   * @param images names of all images, by their paths
   * @param extension of the files, with its dot
   */
  constructor(
    images: readonly string[],
    readonly extension: string,
  ) {
    const paths = images.map(partsOf);
    this.#shared = sharedFolders(paths);
    const wished = images.map((image) => this.#wish(image));
    // A file cannot have the name of a folder.
    for (const stem of wished)
      for (let folder = parentFolder(stem); folder !== "."; folder = parentFolder(folder))
        this.#taken.add(keyOf(folder));
    const plain = wished.map((stem) => this.#claim(stem));
    for (const [i, image] of images.entries()) {
      const file = plain[i] ?? this.#numbered(wished[i]!);
      this.#decided.set(image, [...(this.#decided.get(image) ?? []), file]);
    }
  }

  /** The file of an image; of several with one name in their order, and a new one for a row of an array. */
  next(image: string): string {
    const stem = this.#wish(image);
    return this.#decided.get(image)?.shift() ?? this.#claim(stem) ?? this.#numbered(stem);
  }

  /** All files that were decided and not asked for yet. */
  get files(): readonly string[] {
    return [...this.#decided.values()].flat();
  }

  /** The image's path below the shared folder, without extension. */
  #wish(image: string): string {
    const parts = partsOf(image).slice(this.#shared);
    const base = parts.at(-1) ?? "image";
    const stem = base.slice(0, base.length - extensionOf(base).length);
    // Nothing leads out of the folder.
    const folders = parts.slice(0, -1).filter((part) => part !== "..");
    return joinPath(...[...folders, stem].map((part) => part.replaceAll(/[\p{Cc}\\:*?"<>|]/gu, "-")));
  }

  /** The file of that name, unless another has it. */
  #claim(stem: string): string | undefined {
    const file = `${stem}${this.extension}`;
    if (this.#taken.has(keyOf(file))) return undefined;
    this.#taken.add(keyOf(file));
    return file;
  }

  #numbered(stem: string): string {
    for (let number = (this.#numbers.get(stem) ?? 1) + 1; ; number++) {
      const file = this.#claim(`${stem}-${number}`);
      if (file === undefined) continue;
      this.#numbers.set(stem, number);
      return file;
    }
  }
}
