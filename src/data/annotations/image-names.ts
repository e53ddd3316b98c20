// Names of images in annotation files, which come from other folders, other systems and from addresses, made paths below
// the folder of images. Names are text: nothing is opened or fetched here.
import { baseName, extensionOf } from "../../platform/paths.js";

/** Width and height in pixels. */
export interface ImageSize {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
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

  /** The path of the only image that a name can mean: by its whole path, then by its end; without extension too. */
  find(name: string): string | undefined {
    const tidy = tidyName(name);
    if (this.#sizes.has(tidy)) return tidy;
    for (const end of [baseName(tidy), stemOf(baseName(tidy))]) {
      const alike = this.#byEnd.get(end) ?? [];
      const whole = alike.filter((path) => [path, stemOf(path)].some((form) => form === tidy || form === stemOf(tidy)));
      for (const found of [whole, alike]) if (found.length === 1) return found[0];
    }
    return undefined;
  }
}
