// The scene of the examples in doc comments: small images, labels, models and a folder of files, so that an example shows
// its own lines alone.
import { readFile, writeFile } from "node:fs/promises";
import { saveModel, sequential, tensor, toCategorical } from "fovea";
import { saveImage } from "fovea/data";
import { conv2d, dense, flatten, input, rescaling } from "fovea/layers";

const SIDE = 12;
const IMAGES = 8;
const CLASSES = 3;

/** Pixels without a pattern, the same each time. */
const noise = (n: number): number[] => Array.from({ length: n }, (_, i) => Math.floor((i * 7919 + 104729) % 251));

/** Makes the names that examples may use; every example has its own. */
export function makeScene(): Readonly<Record<string, unknown>> {
  const images = tensor(Uint8Array.from(noise(IMAGES * SIDE * SIDE)), [IMAGES, SIDE, SIDE, 1], "uint8");
  const labels = tensor(
    Int32Array.from({ length: IMAGES }, (_, i) => i % CLASSES),
    [IMAGES],
    "int32",
  );
  const model = sequential(
    [
      input([SIDE, SIDE, 1]),
      rescaling(1 / 255),
      conv2d(4, 3, { activation: "relu", name: "conv1" }),
      flatten(),
      dense(6, { activation: "relu", name: "hidden" }),
      dense(CLASSES, { activation: "softmax" }),
    ],
    { threads: 1 },
  );
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
  const train = { x: images, y: labels };
  const given = { images, labels, model, train, data: train, validationData: train, x: images, y: labels };
  return { ...given, oneHot: toCategorical(labels), classNames: ["cat", "dog", "fox"], readFile, writeFile };
}

/** Writes the files that examples open, below the folder that they run in. */
export async function writeScene(): Promise<void> {
  const { images, model } = makeScene() as {
    images: Parameters<typeof saveImage>[0];
    model: Parameters<typeof saveModel>[0];
  };
  await saveImage({ ...images, shape: [IMAGES * SIDE, SIDE] }, "photo.png");
  await saveModel(model, "model.keras");
  await saveModel(model, "model.onnx");
}
