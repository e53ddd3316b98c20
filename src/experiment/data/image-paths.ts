// Images as somebody names them on a command line: files, folders with images in them, and patterns that no shell expanded.
import { FoveaError } from "../../core/errors.js";
import { isImageName, withoutMasks } from "../../data/index.js";
import { stat } from "../../platform/files.js";
import { matchesOf } from "../../platform/patterns.js";
import { leavesOf, walkFolder } from "../../platform/walk.js";

/**
 * All files that are named: files as they are, also missing ones, of folders all images in them and in folders below, of
 * a folder that several paths lead to once, and the matches of patterns.
 * @param typed files, folders and patterns such as `photos/*.jpg`, as a command line has them
 * @throws FoveaError for a pattern that matches nothing, or a folder without images.
 * @example
 * await imagePaths(["photo.png", "pets/cat", "pets/dog/*.png"]); // photo.png, ten cats and ten dogs
 * await expanded(["pets/*"]); // ["pets/cat", "pets/dog", "pets/fox"]
 * await imagesIn("pets"); // 30 paths
 */
export async function imagePaths(typed: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  const entered = new Set<string>();
  for (const text of typed) {
    // A pattern such as photos/** matches a folder and each file in it.
    const matched = new Set<string>();
    for (const path of await expanded([text])) {
      const isFolder = (await stat(path))?.isDirectory ?? false;
      for (const image of isFolder ? await imagesBelow([path], entered) : [path]) matched.add(image);
    }
    for (const path of matched) paths.push(path);
  }
  return paths;
}

/**
 * Paths with each pattern replaced by its matches, files and folders; texts without a wildcard stay as they are.
 * @param typed paths and patterns such as `photos/*.jpg`
 * @throws FoveaError for a pattern that matches nothing
 */
export async function expanded(typed: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const text of typed) {
    const matches = await matchesOf(text);
    if (matches === undefined)
      throw new FoveaError(
        "not-found",
        `nothing matches ${text}; expected a pattern such as photos/*.jpg or photos/**/*.png, a file or a folder`,
      );
    for (const path of matches) paths.push(path);
  }
  return paths;
}

/**
 * All image files in folders and the folders in these, in code-point order; of a folder that several paths lead to once. Masks
 * beside photos of the same names (`images/1.jpg`, `masks/1.png`) are left out.
 * @param folders paths of folders
 * @throws FoveaError when there are none in one of the folders.
 */
export const imagesIn = (...folders: readonly string[]): Promise<string[]> => imagesBelow(folders, new Set());

/** The walk of `imagesIn`: skips folders whose real paths are in `entered`, and adds those that it enters. */
async function imagesBelow(folders: readonly string[], entered: Set<string>): Promise<string[]> {
  const images: string[] = [];
  for (const folder of folders) {
    const leaves = [...leavesOf(await walkFolder(folder, entered))];
    const found = leaves.filter(({ path, branch }) => !branch.isDirectory && isImageName(path));
    if (found.length === 0 && !leaves.some(({ branch }) => branch.again))
      throw new FoveaError("no-images", `${folder}: there are no images in it, nor in the folders in it`);
    const kept = new Set(withoutMasks(found.map(({ path }) => path.slice(folder.length))));
    for (const { path } of found) if (kept.has(path.slice(folder.length))) images.push(path);
  }
  return images;
}
