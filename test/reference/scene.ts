// The scene of the examples in doc comments: small images, labels, models and a folder of files, so that an example shows
// its own lines alone.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { saveModel, sequential, tensor, toCategorical } from "fovea";
import { saveImage } from "fovea/data";
import { closeData, findData, loadData, makeRecipe, startRun } from "fovea/experiment";
import { conv2d, dense, flatten, input, rescaling, unitNormalization } from "fovea/layers";
import { Random } from "../../src/core/random.js";

const SIDE = 12;
const IMAGES = 8;
const CLASSES = 3;
const CLASS_NAMES = ["cat", "dog", "fox"];
/** Images of each class in the folder `pets`. */
const PETS = 10;

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
  const common = { images, labels, model, train, data: train, validationData: train, x: images, y: labels };
  const random = new Random(1, 0);
  return { ...common, oneHot: toCategorical(labels), classNames: CLASS_NAMES, random, readFile, writeFile };
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
  await writePets();
  await writeIdx();
  await trainPets();
  await writeClaims();
  await writeVerifier();
}

/** Writes `fashion-mnist`, three images of 4 x 4 pixels as IDX files. */
async function writeIdx(): Promise<void> {
  await mkdir("fashion-mnist");
  const idx = (sizes: readonly number[], bytes: readonly number[]): Uint8Array =>
    Uint8Array.of(0, 0, 8, sizes.length, ...sizes.flatMap((extent) => [0, 0, 0, extent]), ...bytes);
  await writeFile("fashion-mnist/train-images-idx3-ubyte", idx([3, 4, 4], noise(48)));
  await writeFile("fashion-mnist/train-labels-idx1-ubyte", idx([3], [0, 1, 0]));
}

/** Writes `pets`, a folder of images a class, and `photos`, a folder without classes. */
async function writePets(): Promise<void> {
  for (const folder of [...CLASS_NAMES.map((name) => `pets/${name}`), "photos"])
    await mkdir(folder, { recursive: true });
  for (const [k, name] of [...CLASS_NAMES, "photos"].entries())
    for (let i = 0; i < (name === "photos" ? 3 : PETS); i++) {
      // Classes differ in brightness, images in noise.
      const pixels = noise((i + 1) * 1000 + SIDE * SIDE).slice(-SIDE * SIDE);
      const data = Uint8Array.from(pixels, (value) => 60 * (k % CLASSES) + Math.floor(value / 3));
      const path = name === "photos" ? `photos/${i + 1}.png` : `pets/${name}/${i + 1}.png`;
      await saveImage(tensor(data, [SIDE, SIDE], "uint8"), path);
    }
}

/** Trains the folder `pets` in a moment; the run is in `runs/pets`. */
async function trainPets(): Promise<void> {
  const preprocessing = { imageSize: [8, 8], color: "grayscale", interpolation: "bilinear" } as const;
  const split = { validation: 0.2, seed: 123 };
  const data = await loadData(await findData("pets"), preprocessing, split, { cache: false, threads: 0 });
  const plan = {
    ...({ model: { name: "logistic" }, preprocessing, split, seed: 1, mode: "reproducible" } as const),
    training: { epochs: 2, batchSize: 8, monitor: "val_loss", patience: null },
  };
  const { training } = await startRun("runs/pets", makeRecipe(plan, data), data, { threads: 1 });
  await training.model.close();
  await closeData(data);
}

/** A table for regressions and studies, `claims.csv`: numbers of claims by age and area. */
async function writeClaims(): Promise<void> {
  const rows = Array.from({ length: 40 }, (_, i) => `${20 + i},${i % 3 === 0 ? "town" : "country"},${(i * 7) % 4}`);
  await writeFile("claims.csv", `age,area,claims\n${rows.join("\n")}\n`);
}

/** A verifier of images, `verifier.keras`, and a manifest that takes the pets for people, two images each: `people.csv`. */
async function writeVerifier(): Promise<void> {
  const layers = [input([SIDE, SIDE, 1]), rescaling(1 / 255, -0.5), flatten(), dense(4), unitNormalization()];
  const task = { kind: "verification", dimensions: 4, identities: 2, learning: "triplet", threshold: 0.9 } as const;
  const preprocessing = { imageSize: [SIDE, SIDE], color: "grayscale", interpolation: "bilinear" } as const;
  const facts = { version: 1, task, preprocessing } as const;
  await saveModel(sequential(layers, { threads: 1, seed: 1 }), "verifier.keras", { facts });
  const rows = CLASS_NAMES.flatMap((name) =>
    Array.from({ length: PETS }, (_, i) => `pets/${name}/${i + 1}.png,${name}${i >> 1},${i % 4 < 2 ? "f" : "m"}`),
  );
  await writeFile("people.csv", `path,class,sex\n${rows.join("\n")}\n`);
}
