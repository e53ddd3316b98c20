// Predictions of a model for files: classes, numbers or maps for each sample. output-kinds.ts tells the outputs' kinds,
// and predict-inputs.ts reads the files; files that cannot be read do not hide the others.
import { showByteSize } from "../../core/byte-size.js";
import { FoveaError } from "../../core/errors.js";
import { sizeOf } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";
import type { BadFile } from "../data/bad-files.js";
import { type Predictions, probabilitiesOf, ranked } from "../tasks/probabilities.js";
import { type OutputFacts, outputKinds } from "./output-kinds.js";
import { samplesOf } from "./predict-inputs.js";
import type { OpenedModel } from "./trained-model.js";

export interface RankedClass {
  /** Its name, or its number where it has none. */
  readonly class: string;
  readonly index: number;
  readonly probability: number;
}

/** A number; one that is not finite by its name, for JSON has none of these. */
export type Told = number | "NaN" | "Infinity" | "-Infinity";

/** Prediction of one output for one sample: classes, one number, several, or a map's shape and range. */
export type OutputAnswer =
  | { readonly top: readonly RankedClass[] }
  | { readonly value: Told }
  | { readonly values: readonly Told[] }
  | { readonly shape: readonly number[]; readonly min: Told; readonly max: Told; readonly mean: Told };

/** Prediction of a model for one sample; by the outputs' names where it has several. */
export type Answer = { readonly image: string } & (
  | OutputAnswer
  | { readonly outputs: Readonly<Record<string, OutputAnswer>> }
);

export interface PredictOptions {
  /** Number of classes in an answer, the most probable first. Default 5. */
  readonly top?: number;
  /** Leaves outputs as the model gives them and takes nothing for classes. Default false. */
  readonly raw?: boolean;
  /** Keeps `arrays`; maps of many images take much memory. Default false. */
  readonly keep?: boolean;
  /** Bytes that the pixels of images may take at a time. Default: those of 128 images. */
  readonly memory?: number;
}

export interface Asked {
  /** One for each sample or file, in order. */
  readonly answers: readonly (Answer | BadFile)[];
  readonly outputs: readonly OutputFacts[];
  /** The names of the samples that were answered: the rows of `arrays`. */
  readonly names: readonly string[];
  /** Each output's probabilities, numbers or maps, `[samples, ...shape]`; empty unless they were to be kept. */
  readonly arrays: readonly Tensor<"float32">[];
  /** Assumptions about the outputs, and problems that the samples seem to have, a sentence each. */
  readonly warnings: readonly string[];
}

/** Samples that are in memory at once, and the numbers that these and their outputs may have. */
const MOST_SAMPLES = 128;
const MOST_NUMBERS = 2 ** 26;

/**
 * Asks a model about image files, `.npy` arrays and `.csv` rows of numbers.
 * @throws FoveaError for images where the model takes none; a file that cannot be read has an `error` in its place.
 * @example
 * const model = await openAny("model.onnx", { rescale: "imagenet" });
 * const { answers } = await predictFiles(model, ["cat.jpg", "rows.npy"]);
 */
export async function predictFiles(
  opened: OpenedModel,
  paths: readonly string[],
  options: PredictOptions = {},
): Promise<Asked> {
  const { top = 5, raw = false, keep = false, memory } = options;
  const { outputs, assumed } = outputKinds(opened, { raw });
  const perSample = [opened.model.inputShape, ...opened.model.outputShapes].reduce((sum, one) => sum + sizeOf(one), 0);
  const most = memory === undefined ? MOST_SAMPLES : imagesWithin(memory, sizeOf(opened.model.inputShape));
  const batchSize = Math.max(1, Math.min(MOST_SAMPLES, most, Math.floor(MOST_NUMBERS / perSample)));
  const answers: (Answer | BadFile)[] = [];
  const names: string[] = [];
  const kept: Result[][] = outputs.map(() => []);
  const warnings = [...assumed];
  for await (const { items, x, doubt } of samplesOf(opened, paths, batchSize)) {
    const results = x === undefined ? [] : await resultsOf(opened, outputs, x, batchSize);
    if (doubt !== undefined) warnings.push(doubt);
    let row = 0;
    for (const item of items) {
      const isBad = typeof item !== "string";
      answers.push(isBad ? item : answerFor(opened, outputs, results, item, row++, top));
      if (!isBad) names.push(item);
    }
    if (keep) for (const [i, result] of results.entries()) kept[i]!.push(result);
  }
  const arrays = keep ? outputs.map((output, i) => joined(output, kept[i]!)) : [];
  return { answers, outputs, names, arrays, warnings };
}

/** Most images that fit: each is there as it was read, and as part of its batch. */
function imagesWithin(memory: number, imageBytes: number): number {
  if (memory >= 2 * imageBytes) return Math.floor(memory / (2 * imageBytes));
  throw new FoveaError(
    `memory ${showByteSize(memory)} (--memory) holds less than one image of ${imageBytes.toLocaleString("en-US")} bytes ` +
      `twice, as it is read and in its batch; give at least ${showByteSize(2 * imageBytes)}`,
  );
}

/** Prediction of one output for a batch: as the model gives it, and as probabilities where it is classes. */
interface Result {
  readonly raw: Tensor<"float32">;
  readonly predictions: Predictions | undefined;
}

async function resultsOf(
  { model, original }: OpenedModel,
  outputs: readonly OutputFacts[],
  x: Tensor,
  batchSize: number,
): Promise<Result[]> {
  const all = await model.predictAll(x, { batchSize });
  return all.map((raw, i) => ({
    raw,
    predictions: outputs[i]!.kind === "classes" ? probabilitiesOf(original, raw, i) : undefined,
  }));
}

function answerFor(
  opened: OpenedModel,
  outputs: readonly OutputFacts[],
  results: readonly Result[],
  image: string,
  row: number,
  top: number,
): Answer | BadFile {
  const told = results.map((result) => outputAnswer(opened, result, row, top));
  if (told.some((one) => one === undefined))
    return { image, error: `${image}: the model gives NaN for it, so it has no answer` };
  if (told.length === 1) return { image, ...told[0]! };
  return { image, outputs: Object.fromEntries(outputs.map(({ name }, i) => [name, told[i]!])) };
}

/** One output's answer for one row; undefined where none of the classes can be the most probable. */
function outputAnswer({ classNames }: OpenedModel, result: Result, row: number, top: number): OutputAnswer | undefined {
  const { raw, predictions } = result;
  if (predictions !== undefined) {
    const { classes, probabilities } = predictions;
    if (probabilities.subarray(row * classes, (row + 1) * classes).some(Number.isNaN)) return undefined;
    const named = classNames?.length === classes ? classNames : undefined;
    return {
      top: ranked(predictions, row, top).map(({ classIndex, probability }) => ({
        class: named?.[classIndex] ?? String(classIndex),
        index: classIndex,
        probability,
      })),
    };
  }
  const shape = raw.shape.slice(1);
  const size = sizeOf(shape);
  const data = raw.data.subarray(row * size, (row + 1) * size);
  if (shape.length === 1) return size === 1 ? { value: tell(data[0]!) } : { values: Array.from(data, tell) };
  let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of data) {
    // Math.min and Math.max keep NaN.
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  return { shape, min: tell(min), max: tell(max), mean: tell(sum / size) };
}

const tell = (value: number): Told => (Number.isFinite(value) ? value : (String(value) as Told));

/** Joins one output's predictions of all batches: the probabilities, or else the numbers. */
function joined({ shape }: OutputFacts, kept: readonly Result[]): Tensor<"float32"> {
  const parts = kept.map(({ raw, predictions }) => predictions?.probabilities ?? raw.data);
  const data = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  const sample = kept[0]?.predictions === undefined ? shape : [kept[0].predictions.classes];
  return { dtype: "float32", shape: [data.length / sizeOf(sample), ...sample], data };
}
