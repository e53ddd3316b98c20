// A deployed model written to a disk: one file, or a folder whose earlier files go when newer ones take their place.
import { FoveaError } from "../../core/errors.js";
import { filesHere } from "../../platform/files/files-here.js";
import { joinPath } from "../../platform/paths.js";
import type { Deployed } from "./page.js";

/** The list that a page's folder has of its files. */
const LIST = "files.json";

/**
 * Writes a deployed model, whole or not at all.
 * @param path the file of a page, or the folder of the other forms
 * @param deployed A form, as `deploy` makes it.
 * @returns the paths of the files
 * @throws FoveaError for a place that cannot be written, and a folder where foreign files would be replaced
 * @example
 * const deployed = await deploy("runs/pets", "node");
 * await writeDeployed(deployed, "pets-node"); // paths of its files
 */
export async function writeDeployed({ files }: Pick<Deployed, "files">, path: string): Promise<string[]> {
  const page = files.get("");
  if (page !== undefined) {
    await filesHere.writeAtomic(path, page);
    return [path];
  }
  const older = (folder: string): Promise<readonly string[]> => earlierFiles(folder);
  const facts = await filesHere.stat(path);
  if (facts !== undefined && !facts.isDirectory)
    throw new FoveaError("wrong-file-kind", `${path} is a file, and a folder is written; choose another name`);
  await filesHere.replaceFiles(path, { files, older });
  return [...files.keys()].map((name) => joinPath(path, name));
}

/** Files of an earlier page in a folder, by its own list; none where that is no such list. */
async function earlierFiles(folder: string): Promise<readonly string[]> {
  const list = joinPath(folder, LIST);
  if (!(await filesHere.exists(list))) return [];
  // Only names as this room gives them, so that a list of somebody else removes nothing, whatever its form.
  const names = (await filesHere.readText(list)).matchAll(/"([a-z]+-[0-9a-f]{16}\.[a-z]+)"/g);
  return [...names].map(([, name]) => name!);
}
