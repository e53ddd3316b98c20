// Paths of annotation files that are written one for each image, below one folder whatever the images are called.
import { FoveaError } from "../../core/errors.js";
import { stemOf, tidyName } from "./image-names.js";
import type { AnnotationSet } from "./model.js";

/**
 * A path for each image, from its name without extension.
 * @throws FoveaError where two images would share a file, or a name leads out of the folder.
 */
export function outputPaths({ images }: AnnotationSet, pathOf: (stem: string) => string): string[] {
  const taken = new Map<string, string>();
  return images.map(({ name }) => {
    if (tidyName(name) !== name || name === "")
      throw new FoveaError(
        "unsafe-path",
        `expected images named by paths below one folder, received ${JSON.stringify(name)}; rename it`,
      );
    const path = pathOf(stemOf(name));
    // Folders of most systems take names alike that differ in capitals only.
    const key = path.normalize("NFC").toLowerCase();
    const other = taken.get(key);
    if (other !== undefined)
      throw new FoveaError(
        "duplicate",
        `the images ${other} and ${name} would share the file ${path}; rename one of them`,
      );
    taken.set(key, name);
    return path;
  });
}
