// Difficulty of the generated hail photos: `node dist/tools/measure-hail.js FOLDER [--threads N] [TASK...]` writes the
// set of seed 0 to FOLDER unless it is there, and prints scores for claims that no model has seen: those of the mean,
// of a linear model on the pixels and of a small CNN at cost (gamma), dents (poisson), class and labels, and that of
// the true mean of the cost.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Random, STREAM } from "../src/core/random.js";
import { type Tensor, takeRows, tensor } from "../src/core/tensor.js";
import {
  HAIL_CLASSES,
  HAIL_COUNT,
  HAIL_LABELS,
  HAIL_SIDE,
  hailImage,
  type LoadedDataset,
  loadImages,
  parseCsv,
  writeHail,
} from "../src/data/index.js";
import { type Model, sequential } from "../src/index.js";
import { EarlyStopping, ReduceLROnPlateau } from "../src/nn/callbacks/index.js";
import { constant } from "../src/nn/initializers/index.js";
import * as layers from "../src/nn/layers/index.js";
import type { LossLike } from "../src/nn/losses/index.js";
import { adam } from "../src/nn/optimizers/index.js";
import { textTable } from "../src/report/text/table.js";

const SEED = 0;
const EPOCHS = { linear: 60, cnn: 25 } as const;
type Kind = keyof typeof EPOCHS;
type Rows = readonly (readonly number[])[];

/** Something to learn: targets, loss, the head's activation, and how good predictions are. */
interface Task {
  readonly targets: (row: Readonly<Record<string, string>>) => readonly number[];
  readonly dtype: "float32" | "int32";
  readonly outputs: number;
  readonly activation: "exponential" | "softmax" | "sigmoid";
  readonly loss: LossLike;
  readonly score: string;
  readonly scoreOf: (targets: Rows, predictions: Rows) => number;
  /** The prediction that looks at no image. */
  readonly constantOf: (targets: Rows) => readonly number[];
}

const means = (targets: Rows): number[] =>
  targets[0]!.map((_, i) => targets.reduce((sum, row) => sum + row[i]!, 0) / targets.length);

/** The share of the deviance explained, the mean of the same targets explaining none, as scikit-learn has it. */
const explained =
  (deviance: (y: number, mu: number) => number) =>
  (targets: Rows, predictions: Rows): number => {
    const total = (mu: (i: number) => number): number => targets.reduce((sum, [y], i) => sum + deviance(y!, mu(i)), 0);
    const [mean] = means(targets);
    return 1 - total((i) => predictions[i]![0]!) / total(() => mean!);
  };

const gamma = (y: number, mu: number): number => 2 * (Math.log(mu / y) + y / mu - 1);
const poisson = (y: number, mu: number): number => 2 * ((y > 0 ? y * Math.log(y / mu) : 0) - y + mu);
const largest = (row: readonly number[]): number => row.indexOf(Math.max(...row));

/** The mean of the labels' F1 at a threshold of one half. */
function macroF1(targets: Rows, predictions: Rows): number {
  const scores = targets[0]!.map((_, label) => {
    const count = (isTrue: boolean, isSaid: boolean): number =>
      targets.filter((row, i) => (row[label] === 1) === isTrue && predictions[i]![label]! >= 0.5 === isSaid).length;
    const hits = 2 * count(true, true);
    return hits / Math.max(1, hits + count(true, false) + count(false, true));
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

const TASKS: Readonly<Record<string, Task>> = {
  cost: {
    targets: (row) => [Number(row.cost)],
    ...{ dtype: "float32", outputs: 1, activation: "exponential", loss: "gammaDeviance" },
    ...{ score: "D2", scoreOf: explained(gamma), constantOf: means },
  },
  dents: {
    targets: (row) => [Number(row.dents)],
    ...{ dtype: "float32", outputs: 1, activation: "exponential", loss: "poisson" },
    ...{ score: "D2", scoreOf: explained(poisson), constantOf: means },
  },
  class: {
    targets: (row) => [HAIL_CLASSES.indexOf(row.class as "none")],
    ...{ dtype: "int32", outputs: HAIL_CLASSES.length, activation: "softmax", loss: "sparseCategoricalCrossentropy" },
    score: "accuracy",
    scoreOf: (targets, predictions) =>
      predictions.filter((row, i) => largest(row) === targets[i]![0]).length / targets.length,
    constantOf: (targets) => HAIL_CLASSES.map((_, i) => targets.filter(([y]) => y === i).length),
  },
  labels: {
    targets: (row) => HAIL_LABELS.map((label) => Number(row.labels!.split(";").includes(label))),
    ...{ dtype: "float32", outputs: HAIL_LABELS.length, activation: "sigmoid", loss: "binaryCrossentropy" },
    ...{ score: "macro F1", scoreOf: macroF1, constantOf: means },
  },
};

/** The bias at which training begins: that of the prediction that looks at no image. */
function biasOf({ activation, constantOf }: Task, targets: Rows): number {
  const [mean] = constantOf(targets);
  return activation === "exponential" ? Math.log(mean!) : 0;
}

function networkOf(kind: Kind, task: Task, bias: number): Model {
  const head = (kernelInitializer: "zeros" | "glorotUniform") =>
    layers.dense(task.outputs, { activation: task.activation, biasInitializer: constant(bias), kernelInitializer });
  const start = [layers.input([HAIL_SIDE, HAIL_SIDE, 3]), layers.rescaling(1 / 127.5, -1)];
  const block = (filters: number) => [
    layers.conv2d(filters, 3, { padding: "same", useBias: false }),
    layers.batchNormalization({ momentum: 0.9 }),
    layers.activation("relu"),
    layers.maxPooling2d(2),
  ];
  if (kind === "linear")
    return sequential([...start, layers.averagePooling2d(2), layers.flatten(), head("zeros")], threading);
  const trunk = [12, 24, 48, 64].flatMap(block);
  const top = [layers.globalAveragePooling2d(), layers.dense(64, { activation: "relu" }), head("glorotUniform")];
  return sequential([...start, ...trunk, ...top], threading);
}

interface Parts<T> {
  readonly train: T;
  readonly validation: T;
  readonly test: T;
}

/** Rows of the three parts; a claim's photos are all in one. */
function partsByGroup(groups: readonly string[]): Parts<number[]> {
  const names = new Random(SEED, STREAM.user).shuffle([...new Set(groups)]);
  const rows = (from: number, to: number): number[] => {
    const chosen = new Set(names.slice(Math.round(from * names.length), Math.round(to * names.length)));
    return [...groups.keys()].filter((i) => chosen.has(groups[i]!));
  };
  return { train: rows(0, 0.65), validation: rows(0.65, 0.8), test: rows(0.8, 1) };
}

async function load(folder: string): Promise<{ data: LoadedDataset; rows: Record<string, string>[] }> {
  if (!existsSync(folder)) await writeHail(folder, { seed: SEED });
  const [header, ...lines] = parseCsv(readFileSync(join(folder, "manifest.csv"), "utf8"));
  const rows = lines.map((line) => Object.fromEntries(header!.map((name, i) => [name, line[i]!])));
  // loadImages wants class folders; the class is in the manifest.
  const labelled = new Map(rows.map((row) => [`${row.class}/${row.path}`, row]));
  const sources = [...labelled].map(([path, row]) => {
    const file = join(folder, row.path!);
    return { path, size: statSync(file).size, bytes: async () => new Uint8Array(readFileSync(file)) };
  });
  const data = await loadImages(sources, { height: HAIL_SIDE, width: HAIL_SIDE, color: "rgb" });
  return { data, rows: data.files.map((path) => labelled.get(path)!) };
}

const toRows = ({ data, shape }: Tensor): Rows =>
  Array.from({ length: shape[0]! }, (_, i) => Array.from(data.subarray(i * shape[1]!, (i + 1) * shape[1]!)));

async function fit(kind: Kind, task: Task, x: Tensor<"uint8">, y: Parts<Rows>, parts: Parts<number[]>) {
  const model = networkOf(kind, task, biasOf(task, y.train));
  model.compile({ optimizer: adam({ learningRate: kind === "linear" ? 1e-4 : 2e-3 }), loss: task.loss });
  const dataOf = (part: keyof Parts<Rows>) => {
    const values = y[part].flat();
    const shape = task.dtype === "int32" ? [values.length] : [y[part].length, task.outputs];
    const typed = task.dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values);
    return { x: takeRows(x, parts[part]), y: tensor(typed, shape, task.dtype) };
  };
  const started = performance.now();
  const history = await model.fit(dataOf("train"), {
    ...{ epochs: EPOCHS[kind], batchSize: 32, validationData: dataOf("validation"), seed: SEED },
    verbose: kind === "cnn" ? 1 : 0,
    callbacks: [
      new ReduceLROnPlateau({ patience: 3, factor: 0.4 }),
      new EarlyStopping({ patience: 7, restoreBestWeights: true }),
    ],
  });
  const seconds = (performance.now() - started) / 1000;
  const predictions = toRows(await model.predict(dataOf("test").x));
  await model.close();
  return { score: task.scoreOf(y.test, predictions), seconds, epochs: history.history.loss!.length };
}

const { values, positionals } = parseArgs({ options: { threads: { type: "string" } }, allowPositionals: true });
const [folder, ...asked] = positionals;
/** One thread suits a machine with other work. */
const threading = values.threads === undefined ? {} : { threads: Number(values.threads) };
if (folder === undefined) throw new Error("give a folder, new or of an earlier run");
const { data, rows } = await load(folder);
const parts = partsByGroup(rows.map((row) => row.group!));
console.log(`${rows.length} of ${HAIL_COUNT} photos: ${Object.values(parts).map((part) => part.length)}`);
const table: string[][] = [];
for (const name of asked.length > 0 ? asked : Object.keys(TASKS)) {
  const task = TASKS[name]!;
  const of = (part: keyof Parts<Rows>): Rows => parts[part].map((i) => task.targets(rows[i]!));
  const y = { train: of("train"), validation: of("validation"), test: of("test") };
  const guess = task.constantOf(y.train);
  const line = [
    name,
    task.score,
    task
      .scoreOf(
        y.test,
        y.test.map(() => guess),
      )
      .toFixed(3),
  ];
  for (const kind of ["linear", "cnn"] as const) {
    const { score, seconds, epochs } = await fit(kind, task, data.x, y, parts);
    line.push(score.toFixed(3), `${seconds.toFixed(0)} s, ${epochs} epochs`);
    console.log(name, kind, score.toFixed(3), `${seconds.toFixed(0)} s`);
  }
  if (name === "cost") {
    // The truth is the same at any size.
    const truths = new Map<string, number>();
    for (let index = 1; index <= rows.length; index++) {
      const photo = hailImage(index, { seed: SEED, height: 32, width: 32 });
      truths.set(`images/${photo.name}.png`, photo.expectedCost);
    }
    const ceiling = task.scoreOf(
      y.test,
      parts.test.map((i) => [truths.get(rows[i]!.path!)!]),
    );
    line.push(ceiling.toFixed(3));
  }
  table.push(line);
}
const heads = ["target", "score", "constant", "linear", "", "CNN", "", "true mean"];
console.log(
  textTable(
    heads.map((head) => ({ head })),
    table.map((line) => heads.map((_, i) => line[i] ?? "")),
  ),
);
