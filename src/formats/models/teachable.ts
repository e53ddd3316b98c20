// What Teachable Machine keeps beside its models: labels, and that images are cut to a square and scaled to -1..1.
import { z } from "zod";
import type { Model } from "../../nn/model/model.js";
import { checkJson } from "../json.js";
import { UPRIGHT } from "../run/recipe.js";
import type { FoveaFacts } from "./fovea-facts.js";

const METADATA = z.looseObject({ labels: z.array(z.string()), imageSize: z.int().positive().optional() });

/** Pixels 0..255 to -1..1. */
const RESCALE = { scale: 1 / 127.5, offset: -1 };

function factsFor(model: Model, classNames: readonly string[]): FoveaFacts | undefined {
  const [height, width, channels] = model.inputShape;
  if (model.outputShape.length !== 1 || model.outputShape[0] !== classNames.length) return undefined;
  if (height === undefined || width === undefined || (channels !== 1 && channels !== 3)) return undefined;
  return {
    version: 1,
    classNames,
    preprocessing: {
      imageSize: [height, width],
      color: channels === 3 ? "rgb" : "grayscale",
      interpolation: "lanczos",
      crop: "center",
      ...UPRIGHT,
      rescale: RESCALE,
    },
  };
}

/** From the `labels.txt` beside a `keras_model.h5`: lines like `0 Banana`. Undefined when it is about something else. */
export function factsFromLabels(model: Model, text: Uint8Array): FoveaFacts | undefined {
  const lines = new TextDecoder()
    .decode(text)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  const labels = lines.map((line) => /^(\d+) (.*)$/.exec(line));
  if (labels.some((label, index) => label === null || Number(label[1]) !== index)) return undefined;
  return factsFor(
    model,
    labels.map((label) => label![2]!),
  );
}

/** From the `metadata.json` beside a `model.json`. @throws FoveaError when it has no list of labels. */
export const factsFromMetadata = (what: string, model: Model, json: unknown): FoveaFacts | undefined =>
  factsFor(model, checkJson(what, METADATA, json).labels);

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
  packageName: "@teachablemachine/image",
  timeStamp: date.toISOString(),
  userMetadata: {},
  modelName: "tm-my-image-model",
  labels,
  imageSize,
  ...(channels === 1 ? { grayscale: true } : {}),
});
