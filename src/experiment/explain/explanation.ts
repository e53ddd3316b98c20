// A trained model explained: for images, what each decision rests on and what the layers see; for itself, its first
// filters and what its channels and classes fire for. Pictures come out, ready to be written.

import { FoveaError } from "../../core/errors.js";
import { sliceRows, type Tensor } from "../../core/tensor.js";
import {
  type Attribution,
  activations,
  channelPictures,
  enlarged,
  firstFilters,
  gradCam,
  gradCamPlusPlus,
  mapLayers,
  occlusion,
  overlay,
  type Picture,
  type Score,
  saliency,
  sheet,
  visualizeFeatures,
} from "../../explain/index.js";
import { outputNamesOf, type TaskFacts } from "../../formats/run/task.js";
import { calibratedReadings } from "../models/calibrated.js";
import type { TrainedModel } from "../models/trained-model.js";
import { type Field, taskOf } from "../tasks/index.js";
import { boxMaps } from "./detector.js";

/**
 * Methods that say which pixels an answer rests on, by their names. Papers: Grad-CAM, Selvaraju and others, 2017;
 * Grad-CAM++, Chattopadhay and others, 2018; saliency, Simonyan and others, 2014; occlusion, Zeiler and Fergus, 2014.
 */
export const ATTRIBUTIONS = ["gradcam", "gradcam++", "saliency", "occlusion"] as const;
/** A name among `ATTRIBUTIONS`. */
export type AttributionMethod = (typeof ATTRIBUTIONS)[number];

/** Pictures are enlarged by whole factors until their longer side is at least this. */
const VISIBLE = 240;
const SHEET_COLUMNS = 8;

/** A picture enlarged until it can be seen. */
export const visible = (picture: Picture): Picture =>
  enlarged(picture, Math.max(1, Math.ceil(VISIBLE / Math.max(picture.height, picture.width))));

/** One of the images [n, height, width, channels] as a picture. */
export const imageAt = ({ shape, data }: Tensor, row: number): Picture => {
  const [, height, width, channels] = shape as [number, number, number, 1 | 3];
  const size = height * width * channels;
  return { height, width, channels, data: Uint8Array.from(data.subarray(row * size, (row + 1) * size)) };
};

/**
 * The task that a model is explained by: its own, or a classification of as many classes as it has outputs.
 * @param trained A model, as `openModel` gives it.
 * @example
 * const trained = await openModel("model.keras", { threads: 1 });
 * explainedTask(trained).kind; // "classification"
 * outputNumber(trained, "2"); // 2, as no class is called so
 * await trained.model.close();
 */
export function explainedTask({ task, classNames, model }: TrainedModel): TaskFacts {
  if (task !== undefined) return task;
  const classes = Math.max(2, model.outputShape[0]!);
  return { kind: "classification", classNames: classNames ?? Array.from({ length: classes }, (_, k) => String(k)) };
}

/**
 * The number of a class, label or target given by name or number.
 * @param trained A model, as `openModel` gives it.
 * @param wanted Name of a class, label or target, or its number from 0; names go first.
 * @throws FoveaError listing some names.
 */
export function outputNumber(trained: TrainedModel, wanted: string): number {
  const task = explainedTask(trained);
  const names = namedOutputs(trained, task);
  const named = names.indexOf(wanted);
  if (named >= 0) return named;
  if (/^\d+$/.test(wanted) && Number(wanted) < names.length) return Number(wanted);
  const [noun] = taskOf(task).nouns;
  const some = trained.task === undefined ? "" : `, such as ${names.slice(0, 5).join(", ")}`;
  throw new FoveaError(
    "unknown-class",
    `there is no ${noun} ${wanted}; expected a number from 0 to ${names.length - 1} or a ${noun} name${some}`,
  );
}

/** Names of a model's outputs. @throws FoveaError for a model whose single numbers mean nothing, as those of an embedding */
function namedOutputs({ file }: TrainedModel, task: TaskFacts): readonly string[] {
  const names = outputNamesOf(task);
  if (names.length > 0) return names;
  throw new FoveaError(
    "unsuited-model",
    `${file} is a ${taskOf(task).model}, whose answers are about two images; explain them together with --pair`,
  );
}

export interface ExplainedImage {
  /** Number of the class, label or target that is explained. */
  readonly classIndex: number;
  /** The same by name, and what the model says of it. */
  readonly said: readonly Field[];
  /** Beside each other: the image and the map over it. */
  readonly picture: Picture;
}

/** Maps of an answer by a method. */
export function attribute(
  method: AttributionMethod,
  { model }: Pick<TrainedModel, "model">,
  images: Tensor,
  options: { readonly layer?: string; readonly classIndex?: number; readonly score: Score },
): Promise<Attribution> {
  const { layer: _, ...plain } = options;
  if (method === "gradcam") return gradCam(model, images, options);
  if (method === "gradcam++") return gradCamPlusPlus(model, images, options);
  return method === "saliency" ? saliency(model, images, plain) : occlusion(model, images, plain);
}

/** Images whose gradients are in memory at once. */
const BATCH = 8;

/**
 * Maps of the pixels that the model's answers rest on; images [n, height, width, channels] from 0 to 255.
 * @param trained A model, as `openModel` gives it.
 * @param images `[n, height, width, channels]` of the model's size, from 0 to 255.
 * @param method One of `ATTRIBUTIONS`.
 * @param options `layer`: path of the layer of Grad-CAM's maps, default the last convolution; `classIndex`: the output
 * that is
 * explained, default each image's predicted one.
 * @returns Number, words and picture of each explained answer, in the order of the images.
 * @throws FoveaError for a model without convolutions, with the methods that need one, and for other methods than occlusion with a
 * detector from elsewhere.
 * @example
 * const trained = await openModel("model.keras", { threads: 1 });
 * const [{ classIndex, picture }] = await explainImages(trained, images, "gradcam", { layer: "conv1" });
 * await saveImage(tensor(picture.data, [picture.height, picture.width, picture.channels], "uint8"), "gradcam.png");
 * const layers = await explainLayers(trained, sliceRows(images, 0, 1));
 * const filters = await explainFilters(trained); // the weights of conv1, a square each
 * const { targets } = await explainFeatures(trained, [0, 1], { layer: "conv1", steps: 2 });
 * await trained.model.close();
 */
export async function explainImages(
  trained: TrainedModel,
  images: Tensor,
  method: AttributionMethod,
  options: { readonly layer?: string; readonly classIndex?: number } = {},
): Promise<ExplainedImage[]> {
  const total = images.shape[0]!;
  if (total > BATCH) {
    const explained: ExplainedImage[] = [];
    for (let first = 0; first < total; first += BATCH) {
      const some = sliceRows(images, first, Math.min(total, first + BATCH));
      explained.push(...(await explainImages(trained, some, method, options)));
    }
    return explained;
  }
  const task = explainedTask(trained);
  namedOutputs(trained, task);
  const record = taskOf(task);
  const ofBoxes = await boxMaps(trained, images, method, options.classIndex);
  const readings = calibratedReadings(
    record.readings(trained.model, ofBoxes?.boxes ?? (await trained.model.predict(images))),
    trained.facts,
  );
  const { maps, classes } =
    ofBoxes ??
    (await attribute(method, trained, images, {
      ...options,
      score: record.explanationScore(task),
    }));
  const size = maps.data.length / maps.shape[0]!;
  return Array.from(classes, (classIndex, row) => {
    const image = imageAt(images, row);
    const over = overlay(image, maps.data.subarray(row * size, (row + 1) * size));
    const plain = overlay(image, new Float32Array(size));
    const said = record.said(readings, row, classIndex, task);
    return { classIndex, said, picture: sheet([visible(plain), visible(over)], 2, 8) };
  });
}

/**
 * The maps of each layer of `trained` for one image: a sheet a layer, by the layers' paths.
 * @param trained A model, as `openModel` gives it.
 * @param image `[1, height, width, channels]` of the model's size, from 0 to 255.
 * @param layer Path of the one layer to show; default all layers with maps.
 */
export async function explainLayers(
  { model }: TrainedModel,
  image: Tensor,
  layer?: string,
): Promise<ReadonlyMap<string, Picture>> {
  const maps = await activations(model, image, layer === undefined ? mapLayers(model) : [layer]);
  return new Map([...maps].map(([path, tensor]) => [path, sheet(channelPictures(tensor), SHEET_COLUMNS)]));
}

/**
 * The filters of the first convolution on one sheet.
 * @param trained A model whose first convolution takes grey or RGB.
 */
export const explainFilters = async ({ model }: TrainedModel): Promise<Picture> =>
  sheet(
    (await firstFilters(model)).map((filter) => enlarged(filter, 12)),
    SHEET_COLUMNS,
    6,
  );

export interface FeatureSheet {
  readonly picture: Picture;
  readonly targets: readonly {
    readonly target: number;
    readonly before: number;
    readonly after: number;
    /** Most that any image reaches, for channels that look at pixels. */
    readonly ceiling?: number;
  }[];
}

/**
 * Images that channels of a layer, or without one classes or other outputs, fire hardest for: all on one sheet.
 * @param trained A model, as `openModel` gives it.
 * @param targets Channels of the layer; without a layer, outputs.
 * @param options `layer`: path of a layer, default the output; `steps` of ascent, `seed` of the first noise, and
 * `onStep`, which
 * hears of progress. Defaults as `visualizeFeatures` has them.
 * @returns A sheet, and for each target its activation before and after.
 * @throws FoveaError without a layer for a detector from elsewhere.
 */
export async function explainFeatures(
  trained: TrainedModel,
  targets: readonly number[],
  options: {
    readonly layer?: string;
    readonly steps?: number;
    readonly seed?: number;
    readonly onStep?: (done: number, total: number) => void;
  } = {},
): Promise<FeatureSheet> {
  const task = explainedTask(trained);
  if (trained.detector !== undefined && options.layer === undefined)
    throw new FoveaError(
      "unsuited-option",
      `features: the rules that pick the boxes of ${trained.file} have no gradients, so no image can be made for a class; name a layer with --layer`,
    );
  const score = taskOf(task).explanationScore(task);
  const { pictures, before, after, ceilings } = await visualizeFeatures(trained.model, { ...options, score, targets });
  return {
    picture: sheet(
      pictures.map((picture) => enlarged(picture, Math.max(1, Math.ceil(96 / picture.height)))),
      SHEET_COLUMNS,
      6,
    ),
    targets: targets.map((target, i) => ({
      target,
      before: before[i]!,
      after: after[i]!,
      ...(ceilings && { ceiling: ceilings[i]! }),
    })),
  };
}
