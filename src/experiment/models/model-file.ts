// A model of one's own as the bytes of a base. A model in several files, such as an export of TensorFlow.js, becomes an
// archive of them, so that one hash stands for all that features follow from.
import { defaultPlace } from "../../default-backend.js";
import { writeZip } from "../../formats/index.js";
import { looksLikeJson } from "../../formats/models/load-model.js";
import { modelIn, siblingsIn } from "../../formats/models/model-place.js";
import { loadModel } from "../../loading.js";
import { readBytes, stat } from "../../platform/files.js";
import { parentFolder } from "../../platform/paths.js";

/** Name of the description in the archive, by which it is found. */
const MAIN = "model.json";

/**
 * The model in a file, or in a folder that has one.
 * @returns the path of its file, and the bytes that `loadModel` takes
 * @throws FoveaError when there is none, or files that it names are missing
 */
export async function modelFile(path: string): Promise<{ readonly path: string; readonly bytes: Uint8Array }> {
  const entry = await stat(path);
  const file = entry?.isDirectory === true ? await modelIn(path) : path;
  const bytes = await readBytes(file);
  if (!looksLikeJson(bytes)) return { path: file, bytes };
  const beside = siblingsIn(parentFolder(file));
  const members = new Map<string, Uint8Array>([[MAIN, bytes]]);
  const { model } = await loadModel(bytes, {
    ...defaultPlace,
    file,
    compile: false,
    siblings: async (name) => {
      const found = await beside(name);
      if (found !== undefined) members.set(name, found);
      return found;
    },
  });
  await model.close();
  return { path: file, bytes: writeZip([...members]) };
}
