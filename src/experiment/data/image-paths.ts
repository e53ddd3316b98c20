// Images as somebody names them on a command line: files, folders with images in them, and patterns that no shell expanded.
import { FoveaError } from "../../core/errors.js";
import { stat } from "../../platform/files.js";
import { matchesOf } from "../../platform/patterns.js";
import { imagesBelow } from "../pretrained/similarity.js";

/**
 * All files that are named: files as they are, also missing ones, of folders all images in them and in folders below, of
 * a folder that several paths lead to once, and what patterns match.
 * @throws FoveaError for a pattern that matches nothing, or a folder without images.
 * @example await imagePaths(["a.png", "photos", "more/*.jpg"])
 */
export async function imagePaths(typed: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  const entered = new Set<string>();
  for (const path of await expanded(typed)) {
    const isFolder = (await stat(path))?.isDirectory ?? false;
    for (const image of isFolder ? await imagesBelow([path], entered) : [path]) paths.push(image);
  }
  return paths;
}

/** Paths with patterns replaced by what they match. @throws FoveaError for a pattern that matches nothing. */
export async function expanded(typed: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const text of typed) {
    const matches = await matchesOf(text);
    if (matches === undefined)
      throw new FoveaError(
        `nothing matches ${text}; expected a pattern such as photos/*.jpg or photos/**/*.png, a file or a folder`,
      );
    for (const path of matches) paths.push(path);
  }
  return paths;
}
