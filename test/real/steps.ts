// The first training steps on real images, for two to take: Fovea here, Keras in tools/keras-steps.py. The same initial
// weights, the same batches in the same order.

import { Random, STREAM } from "../../src/core/random.js";
import { type ImageSource, loadImages } from "../../src/data/index.js";
import type { Model, Tensor } from "../../src/index.js";
import { application, applicationOf, defaultCompileOptions, takeRows } from "../../src/index.js";
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

/** The lecture's CNN with fresh weights, and the images of the handwriting test set in an order of their own. */
export async function stepsData(tar: string): Promise<StepsData> {
  const sources: ImageSource[] = [];
  for (const { path, bytes } of filesInTar(tar))
    if (path.startsWith(FOLDER))
      sources.push({ path: path.slice(FOLDER.length), size: bytes.length, bytes: async () => bytes.slice() });
  const { x, y, classNames } = await loadImages(sources, { height: 80, width: 60 });
  const order = new Random(7, STREAM.shuffle).permutation(y.data.length).subarray(0, STEPS * BATCH);
  const shape = { imageSize: [80, 60], channels: 1, classes: classNames.length } as const;
  const model = application("cnn", shape, { seed: 7 });
  model.compile(defaultCompileOptions(applicationOf("cnn")));
  return { model, x: takeRows(x, order), y: takeRows(y, order) };
}
