// The place of trained weights on this machine: its name, without the code that fills it.
import { environment } from "./environment.js";
import { cachePath } from "./files.js";
import { joinPath } from "./paths.js";

/**
 * Path of the folder of weights, made or not: `weights` in FOVEA_HOME if set, else in the user's cache folder.
 * @example const folder = await weightsPath(); // "/home/ana/.cache/fovea/weights"
 */
export const weightsPath = async (): Promise<string> =>
  joinPath(environment("FOVEA_HOME") ?? (await cachePath()), "weights");
