// Names of images in annotation files, which come from other folders, other systems and from addresses, made paths below
// the folder of images. Names are text: nothing is opened or fetched here.
import { baseName, extensionOf } from "../../platform/paths.js";
import type { Orientation } from "../decoders/index.js";
import { MASK_FOLDERS, PHOTO_FOLDERS } from "../usual-names.js";

/** Width and height of an image in pixels, as it is shown. */
export interface ImageSize {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Turn of the stored image: EXIF's number, 1 to 8. Default 1 */
  readonly orientation?: Orientation;
}

/** A path without its extension. */
export const stemOf = (path: string): string => path.slice(0, path.length - extensionOf(path).length);

/**
 * A relative path that stays below its folder: `\` becomes `/`, and of absolute paths and those that lead upwards only what
 * lies behind is left.
 * @example tidyName("..\\images\\a.jpg") // "images/a.jpg"
 */
export function tidyName(name: string): string {
  const parts = name.replaceAll("\\", "/").split("/");
  const isAbsolute = name.startsWith("/") || name.startsWith("\\") || /^[A-Za-z]:/.test(name);
  if (isAbsolute) return baseName(parts.join("/"));
  return parts
    .slice(parts.lastIndexOf("..") + 1)
    .filter((part) => part !== "." && part !== "")
    .join("/");
}

/** Folders of a path, without those that only say what lies in them. */
const tellingFolders = (path: string): string[] =>
  path
    .split("/")
    .slice(0, -1)
    .filter((folder) => !PHOTO_FOLDERS.test(folder) && !MASK_FOLDERS.test(folder));

/** Number of the last elements that two lists share. */
function sharedEnd(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < Math.min(a.length, b.length) && a.at(-1 - shared) === b.at(-1 - shared)) shared++;
  return shared;
}

/** Finds images by the names that annotation files have for them. */
export class ImageNames {
  readonly #sizes: ReadonlyMap<string, ImageSize>;
  readonly #byEnd = new Map<string, string[]>();

  /** @param sizes the images that there are, by their paths below the folder of images */
  constructor(sizes: ReadonlyMap<string, ImageSize>) {
    this.#sizes = sizes;
    for (const path of sizes.keys())
      for (const end of [baseName(path), stemOf(baseName(path))])
        if (this.#byEnd.get(end)?.push(path) === undefined) this.#byEnd.set(end, [path]);
  }

  /**
   * The path of the only image that a name can mean: by its whole path, then by its end; without extension too. Folders that
   * both have must agree: `b/1.jpg` is not `a/1.jpg`, but `1.jpg` and `images/1.jpg` are where there is no other.
   */
  find(name: string): string | undefined {
    const tidy = tidyName(name);
    if (this.#sizes.has(tidy)) return tidy;
    const folders = tellingFolders(tidy);
    for (const end of [baseName(tidy), stemOf(baseName(tidy))]) {
      const alike = (this.#byEnd.get(end) ?? []).map((path) => {
        const those = tellingFolders(path);
        const shared = sharedEnd(those, folders);
        const agree = shared === Math.min(those.length, folders.length);
        const exact = sharedEnd(path.split("/").slice(0, -1), tidy.split("/").slice(0, -1));
        return { path, shared: agree ? shared : -1, exact };
      });
      const most = Math.max(0, ...alike.map(({ shared }) => shared));
      const best = alike.filter(({ shared }) => shared === most);
      const nearest = Math.max(...best.map(({ exact }) => exact));
      for (const found of [best, best.filter(({ exact }) => exact === nearest)])
        if (found.length === 1) return found[0]!.path;
    }
    return undefined;
  }
}
