// A model from disk with what it needs to be asked: class names and preprocessing. Files that Fovea did not write have
// neither; then the model's input says the size, and classes go by number.

import { FoveaError } from "../core/errors.js";
import { type Tensor, tensor } from "../core/tensor.js";
import { type ImageDataset, loadImage, loadImages } from "../data/index.js";
import { type FoveaFacts, type LoadKerasOptions, loadKeras } from "../formats/index.js";
import type { Preprocessing } from "../formats/run/recipe.js";
import { defaultBackend } from "../index.js";
import type { Model } from "../nn/model/model.js";
import { readBytes, stat } from "../platform/files.js";
import { joinPath } from "../platform/paths.js";
import { defined } from "./defined.js";
import { checkFit } from "./recipe.js";
import { RUN_FILES } from "./run-folder.js";

export interface TrainedModel {
  readonly model: Model;
  readonly file: string;
  readonly classNames: readonly string[] | undefined;
  readonly preprocessing: Preprocessing;
  readonly facts: FoveaFacts | undefined;
}

/**
 * Opens a .keras file, or the model of a run's folder.
 * @throws FoveaError when there is none, or it is damaged or of another kind.
 */
export async function openModel(
  path: string,
  options: Pick<LoadKerasOptions, "threads" | "compile"> = {},
): Promise<TrainedModel> {
  const place = await stat(path);
  if (place === undefined)
    throw new FoveaError(`there is no model at ${path}; expected a .keras file or the folder of a run`);
  const file = place.isDirectory ? joinPath(path, RUN_FILES.model) : path;
  if (place.isDirectory && (await stat(file)) === undefined)
    throw new FoveaError(`${path} has no ${RUN_FILES.model}; expected a .keras file or the folder of a run that ended`);
  const { model, facts } = await loadKeras(await readBytes(file), { file, backend: defaultBackend, ...options });
  const preprocessing = facts?.preprocessing ?? preprocessingFor(file, model.inputShape);
  return { model, file, classNames: facts?.classNames, preprocessing, facts };
}

function preprocessingFor(file: string, inputShape: readonly number[]): Preprocessing {
  const [height, width, channels] = inputShape;
  if (inputShape.length !== 3 || (channels !== 1 && channels !== 3))
    throw new FoveaError(
      `${file} takes input [${inputShape.join(", ")}]; expected images, [height, width, 1] or [height, width, 3]`,
    );
  return { imageSize: [height!, width!], color: channels === 3 ? "rgb" : "grayscale", interpolation: "lanczos" };
}

const lookOf = ({ imageSize: [height, width], color, interpolation }: Preprocessing) => ({
  height,
  width,
  color,
  interpolation,
});

/** Images as the model was trained on them, `[n, height, width, channels]`. */
export async function imagesFor({ preprocessing }: TrainedModel, paths: readonly string[]): Promise<Tensor<"uint8">> {
  const images = await Promise.all(paths.map((path) => loadImage(path, lookOf(preprocessing))));
  const [first] = images;
  if (first === undefined) throw new FoveaError("expected at least one image, received none");
  const data = new Uint8Array(images.length * first.data.length);
  for (const [n, image] of images.entries()) data.set(image.data, n * first.data.length);
  return tensor(data, [images.length, ...first.shape], "uint8");
}

/**
 * A folder of images as the model was trained on them, labelled with the model's classes.
 * @throws FoveaError when the folder has other classes, or the model's shapes fit neither.
 */
export async function datasetFor(
  { model, classNames, preprocessing }: TrainedModel,
  folder: string,
  options: {
    readonly threads?: number;
    readonly skipBad?: boolean;
    readonly onProgress?: (done: number, total: number) => void;
  } = {},
): Promise<ImageDataset> {
  const dataset = await loadImages(folder, { ...lookOf(preprocessing), ...options, ...defined({ classNames }) });
  checkFit(model, dataset.x.shape.slice(1), dataset.classNames.length);
  return dataset;
}
