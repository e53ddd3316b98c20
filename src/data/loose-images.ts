// Images that are in no class folders: photos to look at or to ask a model about.
import { FoveaError } from "../core/errors.js";
import { visibleEntries, walkFolder } from "../platform/walk.js";
import { type ImageFolder, imagesIn, type Problem } from "./folders.js";
import { PHOTO_FOLDERS } from "./usual-names.js";

/**
 * Checks whether a folder has too few folders in it to be classes.
 * @param folder The folder.
 */
export async function hasNoClasses(folder: string): Promise<boolean> {
  const entries = await visibleEntries(folder);
  return entries.filter(({ isDirectory }) => isDirectory).length < 2;
}

/** The only folder in a part where that can be a class: not one called as folders of unsorted photos are. */
export async function onlyClass(folder: string): Promise<string | undefined> {
  const [first, ...others] = (await visibleEntries(folder)).filter(({ isDirectory }) => isDirectory);
  return first === undefined || others.length > 0 || PHOTO_FOLDERS.test(first.name) ? undefined : first.name;
}

/**
 * Lists all images below a folder, in code-point order; they have no class.
 * @param folder The folder.
 * @throws FoveaError where there is none.
 * @example
 * await hasNoClasses("photos"); // true
 * const { files } = await scanLooseImages("photos"); // 1.png, 2.png, 3.png
 */
export async function scanLooseImages(folder: string): Promise<ImageFolder> {
  const problems: Problem[] = [];
  const paths = imagesIn(await walkFolder(folder, new Set(), ""), problems);
  if (paths.length === 0)
    throw new FoveaError(
      "no-images",
      `${folder} holds no images; expected PNG, JPEG, GIF, BMP or WebP files, or folders of them`,
    );
  return { classNames: [], files: paths.map((path) => ({ path, label: "", classIndex: -1 })), problems };
}
