// A model on the command line: a file, the folder of a run, or a known architecture with its shape.
import { openModelFile } from "../experiment/trained-model.js";
import {
  APPLICATION_NAMES,
  application,
  applicationOf,
  defaultCompileOptions,
  FoveaError,
  type Model,
} from "../index.js";
import { exists } from "../platform/files.js";
import type { ImageSize } from "./options.js";

export interface ModelShape {
  readonly imageSize: ImageSize;
  readonly color: "grayscale" | "rgb";
  readonly classes: number;
}

/**
 * The model that `which` names; known architectures have the shape of the options and are compiled as classifiers.
 * @throws FoveaError when there is no such model.
 */
export async function modelOf(
  which: string,
  { imageSize, color, classes }: ModelShape,
  { compile }: { readonly compile: boolean },
): Promise<Model> {
  if (APPLICATION_NAMES.some((name) => name === which)) {
    const model = application(which, { imageSize, channels: color === "rgb" ? 3 : 1, classes });
    model.compile(defaultCompileOptions(applicationOf(which)));
    return model;
  }
  if (await exists(which)) return (await openModelFile(which, { compile })).loaded.model;
  throw new FoveaError(
    `there is no model ${which}; expected a model file, the folder of a run, or one of ${APPLICATION_NAMES.join(", ")}`,
  );
}
