// The image files behind the rows of a part: where they lie, and what their source says of each. Pixels of a part are those
// of the model's input; whoever asks about the photos themselves opens these.
import type { ListedImage } from "../../data/index.js";
import { joinPath } from "../../platform/paths.js";
import type { LoadedFolder } from "./loaded-folder.js";
import type { ImageSamples } from "./sample-set.js";

/** The files of some rows of a folder, each with the number of its row; those that the source does not list are left out. */
export function filesOfRows(
  { path, samples, listing }: Pick<LoadedFolder<ImageSamples>, "path" | "samples" | "listing">,
  rows: ArrayLike<number>,
): readonly (ListedImage & { readonly row: number })[] {
  const listed = listing && new Map(listing.images.map((image) => [image.path, image]));
  return Array.from(rows).flatMap((row) => {
    const file = samples.files[row]!;
    const found = listed === undefined ? { path: file, size: 0, source: joinPath(path, file) } : listed.get(file);
    return found === undefined || found.isLost ? [] : [{ ...found, row }];
  });
}
