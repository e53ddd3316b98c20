// `fovea --version --json`: all about the machine and the program that a report of a fault should say.

import { VERSION } from "../core/version.js";
import { cacheLimit } from "../platform/cache.js";
import { absolutePath, cachePath } from "../platform/files.js";
import { machineFacts } from "../platform/machine.js";
import { weightsPath } from "../platform/weights-path.js";

/** The facts; folders are named whether or not they are there. */
export async function versionFacts(): Promise<object> {
  return {
    fovea: VERSION,
    ...(await machineFacts()),
    cache: { folder: await absolutePath(await cachePath()), limit: await cacheLimit() },
    weights: { folder: await absolutePath(await weightsPath()) },
  };
}
