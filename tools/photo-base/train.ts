// Trains the photo base on views of photos: `node dist/tools/photo-base/train.js VIEWS WEIGHTS OUT [EPOCHS]`. VIEWS is the
// folder that views.ts wrote, WEIGHTS the teacher's file with its classifier, OUT the `.keras` file. The student learns the
// teacher's features (mean squared error) and its probabilities (crossentropy; Hinton, Vinyals and Dean, "Distilling the
// knowledge in a neural network", 2015), on the same view of the same photo (Beyer et al., "Knowledge distillation: a good
// teacher is patient and consistent", 2022). The views of every twentieth photo are held out: after each epoch it says
// for how many of them teacher and student name the same class. The same views give the same bits on any number of threads.
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { UPRIGHT } from "../../src/experiment/index.js";
import {
  model as functional,
  loadWeights,
  mobileNetV2,
  saveKeras,
  softmax,
  type Tensor,
  tensor,
} from "../../src/index.js";
import type { Functional } from "../../src/nn/model/functional.js";
import { adam, cosineDecay } from "../../src/nn/optimizers/index.js";
import { writeAtomic } from "../../src/platform/files.js";
import { CLASSES, FEATURES, STUDENT_SIDE, TEACHER_SIDE } from "./sizes.js";
import { beginAsTeacher, freeze, makeStudent } from "./student.js";

const [folder, weights, out, epochs = "3"] = process.argv.slice(2);
if (folder === undefined || weights === undefined || out === undefined)
  throw new Error("give the folder of views, the teacher's weights and the file to write");
const BATCH = 64;
const { rows, views } = JSON.parse(readFileSync(join(folder, "views.json"), "utf8")) as {
  readonly rows: number;
  readonly views: number;
};
/** Every photo with this number modulo HELD_EVERY is held out. */
const HELD_EVERY = 20;
const rowNumbers = Int32Array.from({ length: rows }, (_, row) => row);
const photoOf = (row: number): number => Math.floor(row / views);
const held = rowNumbers.filter((row) => photoOf(row) % HELD_EVERY === HELD_EVERY - 1);
// Mixed views of the photo after a held one have a part of that one.
const learned = rowNumbers.filter(
  (row) =>
    photoOf(row) % HELD_EVERY !== HELD_EVERY - 1 && !(photoOf(row) % HELD_EVERY === 0 && (row % views) % 4 === 3),
);
const PIXELS = STUDENT_SIDE * STUDENT_SIDE * 3;

const weightFile = new Uint8Array(readFileSync(weights));
const teacher = mobileNetV2();
await loadWeights(teacher, weightFile, { byName: true, file: weights });
const [kernel, bias] = await teacher.getLayer("predictions").getWeights();

/** The teacher's probabilities, from its features. */
function probabilitiesOf(features: Float32Array): Tensor<"float32"> {
  const count = features.length / FEATURES;
  const logits = new Float32Array(count * CLASSES);
  for (let row = 0; row < count; row++) {
    const line = logits.subarray(row * CLASSES, (row + 1) * CLASSES);
    line.set(bias!.data);
    for (let feature = 0; feature < FEATURES; feature++) {
      const value = features[row * FEATURES + feature]!;
      if (value === 0) continue;
      const from = feature * CLASSES;
      for (let i = 0; i < CLASSES; i++) line[i]! += value * kernel!.data[from + i]!;
    }
  }
  return softmax(tensor(logits, [count, CLASSES], "float32"));
}

const pixels = await open(join(folder, "views.u8"), "r");
const targets = await open(join(folder, "teacher.f32"), "r");

/** Reads one view after the other: the whole set may be larger than memory. */
async function batchOf(indices: Int32Array): Promise<{ x: Tensor; y: Tensor[] }> {
  const x = new Uint8Array(indices.length * PIXELS);
  const features = new Float32Array(indices.length * FEATURES);
  for (const [row, index] of indices.entries()) {
    await pixels.read(x, row * PIXELS, PIXELS, index * PIXELS);
    const bytes = new Uint8Array(features.buffer, row * FEATURES * 4, FEATURES * 4);
    await targets.read(bytes, 0, bytes.length, index * bytes.length);
  }
  return {
    x: tensor(x, [indices.length, STUDENT_SIDE, STUDENT_SIDE, 3], "uint8"),
    y: [tensor(features, [indices.length, FEATURES], "float32"), probabilitiesOf(features)],
  };
}

/** Some rows of the views as data that models learn from. */
const source = (chosen: Int32Array) =>
  ({
    size: chosen.length,
    x: { dtype: "uint8", shape: [STUDENT_SIDE, STUDENT_SIDE, 3] },
    y: [
      { dtype: "float32", shape: [FEATURES] },
      { dtype: "float32", shape: [CLASSES] },
    ],
    take: (indices: Int32Array) => batchOf(indices.map((index) => chosen[index]!)),
  }) as const;

/** Trains for some epochs: a short rise of the rate, then down along a cosine. */
async function train(student: Functional, rate: number, times: number): Promise<void> {
  const steps = times * Math.ceil(learned.length / BATCH);
  student.compile({
    optimizer: adam({ learningRate: cosineDecay(0, steps, { warmupTarget: rate, warmupSteps: 100 }) }),
    loss: ["mean_squared_error", "categorical_crossentropy"],
    lossWeights: [4, 0.25],
    metrics: [[], ["categorical_accuracy"]],
  });
  const validationData = source(held);
  await student.fit(source(learned), { batchSize: BATCH, epochs: times, validationData, verbose: 2, seed: 1 });
}

const student = makeStudent();
// The same weights for images of the student's size.
const trunk = mobileNetV2({ includeTop: false, inputShape: [STUDENT_SIDE, STUDENT_SIDE, 3] });
await loadWeights(trunk, weightFile, { byName: true, file: weights });
await beginAsTeacher(student, trunk);
freeze(student, "end");
await train(student, 2e-3, 1);
freeze(student, "blocks");
await train(student, 5e-4, Number(epochs));
// The teacher's features were for training only.
const shipped = functional({ inputs: student.inputs, outputs: student.outputs[1]!, name: "photos" });
const preprocessing = {
  imageSize: [STUDENT_SIDE, STUDENT_SIDE],
  color: "rgb",
  interpolation: "bicubic",
  ...UPRIGHT,
} as const;
const facts = { version: 1, preprocessing } as const;
const bytes = await saveKeras(shipped, { dtype: "float16", facts, date: new Date(0) });
await writeAtomic(out, bytes);
console.log(
  `${out}: ${bytes.length} bytes, ${shipped.countParams()} parameters, ${TEACHER_SIDE} to ${STUDENT_SIDE} pixels`,
);
