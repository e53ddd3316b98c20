// Facts of Teachable Machine's models: labels from files beside them, and images cut to a square and scaled to -1..1.
// Also tells its models from others by their layers, where nothing lies beside them.
import * as z from "zod";
import { textOfBytes } from "../../core/text-bytes.js";
import type { Layer } from "../../nn/layers/layer.js";
import type { Model } from "../../nn/model/model.js";
import { checkJson } from "../json.js";
import { type Preprocessing, UPRIGHT } from "../run/recipe.js";
import type { FoveaFacts } from "./fovea-facts.js";
import { endsInProbabilities } from "./outputs.js";
import { RESCALES, scalesPixels } from "./pixels.js";

const METADATA = z.looseObject({ labels: z.array(z.string()), imageSize: z.int().positive().optional() });

/** Cut and interpolation of photos for each kind of export, by the code that Teachable Machine gives with it. */
const CUTS = {
  /** `ImageOps.fit(image, size, Image.LANCZOS)`. */
  keras: { interpolation: "lanczos", crop: "fit" },
  /** `cropTo` on a canvas; how browsers smooth is not specified, and bilinear is the nearest that has a name. */
  tfjs: { interpolation: "bilinear", crop: "scaled" },
} as const;
export type TeachableExport = keyof typeof CUTS;

/** Preprocessing of photos for Teachable Machine's models; undefined where the model takes no images. */
export function teachablePreprocessing(model: Model, kind: TeachableExport): Preprocessing | undefined {
  const [height, width, channels] = model.inputShape;
  if (model.inputShape.length !== 3 || (channels !== 1 && channels !== 3)) return undefined;
  const color = channels === 3 ? "rgb" : "grayscale";
  return { imageSize: [height!, width!], color, ...CUTS[kind], ...UPRIGHT, rescale: RESCALES["-1..1"] };
}

/** MobileNet of version 1 has 13 of these, version 2 has 17. */
const DEPTHWISE = 13;

/**
 * Checks whether a model is built as Teachable Machine builds it: a MobileNet and its average in one sequential model,
 * two dense layers that end in a softmax in another, and nothing else.
 */
export function isTeachable(model: Model): boolean {
  const chain = (layer: Layer | undefined): readonly Layer[] =>
    layer?.className === "Sequential" ? layer.layers.filter(({ className }) => className !== "InputLayer") : [];
  const [features, head, ...more] = chain(model);
  const [network, pooling, ...others] = chain(features);
  const dense = chain(head).filter(({ className }) => className !== "Dropout");
  return (
    more.length === 0 &&
    others.length === 0 &&
    network !== undefined &&
    network.layers.filter(({ className }) => className === "DepthwiseConv2D").length >= DEPTHWISE &&
    pooling?.className === "GlobalAveragePooling2D" &&
    dense.length === 2 &&
    dense.every(({ className }) => className === "Dense") &&
    endsInProbabilities(model) &&
    !scalesPixels(model)
  );
}

/** From the `labels.txt` beside a `keras_model.h5`: lines like `0 Banana`. Undefined when it is about something else. */
export function factsFromLabels(model: Model, text: Uint8Array): FoveaFacts | undefined {
  const classNames = numberedLines(textOfBytes("labels.txt", text));
  if (classNames === undefined) return undefined;
  const preprocessing = isTeachable(model) ? teachablePreprocessing(model, "keras") : undefined;
  return { version: 1, classNames, ...(preprocessing && { preprocessing }) };
}

/** Texts behind the numbers of lines `0 Banana`, `1 Apple`; undefined where lines are not numbered so. */
export function numberedLines(text: string): readonly string[] | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const labels = lines.map((line) => /^(\d+) (.*)$/.exec(line));
  const isNumbered = labels.length > 0 && labels.every((label, index) => label !== null && Number(label[1]) === index);
  return isNumbered ? labels.map((label) => label![2]!.trim()) : undefined;
}

/** From the `metadata.json` beside a `model.json`. @throws FoveaError when it has no list of labels. */
export function factsFromMetadata(what: string, model: Model, json: unknown): FoveaFacts {
  const classNames = checkJson(what, METADATA, json).labels;
  const preprocessing = teachablePreprocessing(model, "tfjs");
  return { version: 1, classNames, ...(preprocessing && { preprocessing }) };
}

/** By this `packageName` a `metadata.json` says that it is Teachable Machine's. */
export const TEACHABLE_PACKAGE = "@teachablemachine/image";

/** The `metadata.json` that Teachable Machine's own library wants. `date` is when the model was made. */
export const teachableMetadata = (
  labels: readonly string[],
  imageSize: number,
  channels: number,
  date: Date,
): object => ({
  tfjsVersion: "1.3.1",
  tmVersion: "2.4.4",
  packageVersion: "0.8.4-alpha2",
  packageName: TEACHABLE_PACKAGE,
  timeStamp: date.toISOString(),
  userMetadata: {},
  modelName: "tm-my-image-model",
  labels,
  imageSize,
  ...(channels === 1 ? { grayscale: true } : {}),
});
