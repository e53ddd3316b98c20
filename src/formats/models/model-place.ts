// The place of a model on the disk: which file of a folder it is, and the files beside it that it may name: weights, shards,
// labels. None is read outside of the model's folder, whatever name a file gives and wherever a link leads, since a model
// from elsewhere is not to choose what is read.
import { FoveaError } from "../../core/errors.js";
import { filesHere } from "../../platform/files/files-here.js";
import { joinPath, parentFolder } from "../../platform/paths.js";
import { type LoadModelOptions, loadModel, MODEL_NAMES } from "./load-model.js";
import type { LoadedModel, Siblings } from "./loaded.js";

/**
 * Loads the model in a file, or in a folder that has one, as it is stored.
 * @returns the model, and the path of its file
 * @throws FoveaError when there is none, it cannot be read, or it names a file outside of its folder.
 */
export async function loadModelAt(
  path: string,
  options: LoadModelOptions,
): Promise<{ readonly file: string; readonly loaded: LoadedModel }> {
  const entry = await filesHere.stat(path);
  if (entry === undefined)
    throw new FoveaError("unknown-model", `there is no model at ${path}; expected a model file or the folder of a run`);
  const file = entry.isDirectory ? await modelIn(path) : path;
  const siblings = siblingsIn(parentFolder(file));
  return { file, loaded: await loadModel(await filesHere.readBytes(file), { file, siblings, ...options }) };
}

/** The file of the model in a folder. @throws FoveaError when there is none */
export async function modelIn(folder: string): Promise<string> {
  for (const name of MODEL_NAMES) {
    const file = joinPath(folder, name);
    if ((await filesHere.stat(file)) !== undefined) return file;
  }
  throw new FoveaError(
    "unknown-model",
    `${folder} has no ${MODEL_NAMES[0]}; expected a model file or the folder of a run that ended`,
  );
}

/**
 * Gives the bytes of files in a folder or below it by their names; undefined where there is none.
 * @throws FoveaError when a name or a link leads out of the folder.
 */
export function siblingsIn(folder: string): Siblings {
  return async (name) => {
    const beside = joinPath(folder, name);
    if (name.includes("\0")) throw outside(name, folder);
    if ((await filesHere.stat(beside)) === undefined) return undefined;
    const [within, location] = [await filesHere.realPath(folder), await filesHere.realPath(beside)];
    const root = /[/\\]$/.test(within) ? within : `${within}${within.includes("\\") ? "\\" : "/"}`;
    if (!location.startsWith(root)) throw outside(name, folder);
    return filesHere.readBytes(location);
  };
}

const outside = (name: string, folder: string): FoveaError =>
  new FoveaError(
    "unsafe-path",
    `the model needs ${JSON.stringify(name).slice(0, 100)}, which leads out of its folder ${folder}; put a copy of the ` +
      "file beside the model",
  );
