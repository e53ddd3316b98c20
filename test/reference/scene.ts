// The scene of the examples in doc comments: small images, labels, models and a folder of files, so that an example shows
// its own lines alone.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { saveModel, sequential, tensor, toCategorical } from "fovea";
import { saveImage } from "fovea/data";
import { conv2d, dense, flatten, input, rescaling, unitNormalization } from "fovea/layers";

const SIDE = 12;
const IMAGES = 8;
const CLASSES = 3;
const CLASS_NAMES = ["cat", "dog", "fox"];

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
  return { ...given, oneHot: toCategorical(labels), classNames: CLASS_NAMES, readFile, writeFile };
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
  await writeAnimals(images);
  await writeClaims();
  await writeVerifier();
}

/** Class folders of images, `animals/cat/0.png` and so on, of which no two are alike. */
async function writeAnimals({ data }: ReturnType<typeof tensor>): Promise<void> {
  for (const [k, name] of CLASS_NAMES.entries()) {
    await mkdir(`animals/${name}`, { recursive: true });
    for (let i = 0; i < IMAGES; i++) {
      const pixels = Uint8Array.from({ length: SIDE * SIDE }, (_, at) => (data[at]! + 60 * k + 17 * i) % 251);
      await saveImage(tensor(pixels, [SIDE, SIDE], "uint8"), `animals/${name}/${i}.png`);
    }
  }
}

/** A verifier of images, `verifier.keras`, and images of people for it in a manifest, `people.csv`. */
async function writeVerifier(): Promise<void> {
  const layers = [input([SIDE, SIDE, 1]), rescaling(1 / 255, -0.5), flatten(), dense(4), unitNormalization()];
  const task = { kind: "verification", dimensions: 4, identities: 2, learning: "triplet", threshold: 0.9 } as const;
  const preprocessing = { imageSize: [SIDE, SIDE], color: "grayscale", interpolation: "bilinear" } as const;
  const facts = { version: 1, task, preprocessing } as const;
  await saveModel(sequential(layers, { threads: 1, seed: 1 }), "verifier.keras", { facts });
  const rows = CLASS_NAMES.flatMap((name) =>
    Array.from({ length: IMAGES }, (_, i) => `animals/${name}/${i}.png,${name}${i >> 1},${i % 4 < 2 ? "f" : "m"}`),
  );
  await writeFile("people.csv", `path,class,sex\n${rows.join("\n")}\n`);
}

/** A table for regression and studies, `claims.csv`: counts of claims by age and area. */
async function writeClaims(): Promise<void> {
  const rows = Array.from({ length: 40 }, (_, i) => `${20 + i},${i % 3 === 0 ? "town" : "country"},${(i * 7) % 4}`);
  await writeFile("claims.csv", `age,area,claims\n${rows.join("\n")}\n`);
}
