// The files beside a model that it may name: weights, shards, labels. None is read outside of the model's folder, whatever
// name a file gives and wherever a link leads, since a model from elsewhere is not to choose what is read.
import { FoveaError } from "../../core/errors.js";
import type { Siblings } from "../../formats/index.js";
import { filesHere } from "../../platform/files/files-here.js";
import { joinPath } from "../../platform/paths.js";

/**
 * Gives the bytes of files in a folder or below it by their names; undefined where there is none.
 * @throws FoveaError when a name or a link leads out of the folder.
 */
export function siblingsIn(folder: string): Siblings {
  return async (name) => {
    const beside = joinPath(folder, name);
    if (name.includes("\0")) throw outside(name, folder);
    if ((await filesHere.stat(beside)) === undefined) return undefined;
    const [within, place] = [await filesHere.realPath(folder), await filesHere.realPath(beside)];
    const root = /[/\\]$/.test(within) ? within : `${within}${within.includes("\\") ? "\\" : "/"}`;
    if (!place.startsWith(root)) throw outside(name, folder);
    return filesHere.readBytes(place);
  };
}

const outside = (name: string, folder: string): FoveaError =>
  new FoveaError(
    `the model needs ${JSON.stringify(name).slice(0, 100)}, which leads out of its folder ${folder}; put a copy of the ` +
      "file beside the model",
  );
