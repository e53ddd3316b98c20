// The first training steps on real images, for two to take: Fovea here, Keras in tools/keras-steps.py. The same initial
// weights, the same batches in the same order.

import { Random, STREAM } from "../../src/core/random.js";
import { type ImageSource, type LoadedDataset, loadImages } from "../../src/data/index.js";
import type { Model, Tensor } from "../../src/index.js";
import { application, applicationOf, defaultCompileOptions, sequential, takeRows } from "../../src/index.js";
import { averagePooling2d, conv2d, dense, flatten, input, rescaling } from "../../src/nn/layers/index.js";
import { filesInTar } from "./shared-data.js";

export const STEPS = 50;
export const BATCH = 128;
const FOLDER = "CASIA-Dataset/Test/";

export interface StepsData {
  readonly model: Model;
  /** Batch after batch. */
  readonly x: Tensor;
  readonly y: Tensor;
}

/** The images of the handwriting test set, for `stepsData`. */
export async function stepsImages(tar: string): Promise<LoadedDataset> {
  const sources: ImageSource[] = [];
  for (const { path, bytes } of filesInTar(tar))
    if (path.startsWith(FOLDER))
      sources.push({ path: path.slice(FOLDER.length), size: bytes.length, bytes: async () => bytes.slice() });
  return loadImages(sources, { height: 80, width: 60 });
}

/** The lecture's CNN, which decides: ReLU and max-pooling. And its twin without decisions: tanh and average pooling. */
export const KINDS = ["cnn", "smooth"] as const;
export type Kind = (typeof KINDS)[number];

function smooth(classes: number, seed: number): Model {
  const block = { padding: "same", activation: "tanh" } as const;
  const blocks = [16, 32, 64].flatMap((filters, i) => [conv2d(filters, 3, block), averagePooling2d(i === 2 ? 4 : 2)]);
  const head = [flatten(), dense(64, { activation: "tanh" }), dense(classes)];
  return sequential([input([80, 60, 1]), rescaling(1 / 255), ...blocks, ...head], { seed });
}

/** A network with fresh weights, and an order of the images; both follow from the seed. */
export function stepsData({ x, y, classNames }: LoadedDataset, kind: Kind, seed: number): StepsData {
  const classes = classNames.length;
  const order = new Random(seed, STREAM.shuffle).permutation(y.data.length).subarray(0, STEPS * BATCH);
  const model =
    kind === "cnn"
      ? application("cnn", { imageSize: [80, 60], channels: 1, classes }, { seed })
      : smooth(classes, seed);
  model.compile(defaultCompileOptions(applicationOf("cnn")));
  return { model, x: takeRows(x, order), y: takeRows(y, order) };
}
