// Predictions of a model for files: answers of its task, or numbers and maps, for each sample. predict-inputs.ts reads the
// files, answerer.ts answers; files that cannot be read do not hide the others. Batch by batch, so that any number of
// images takes the memory of some.
import { defined } from "../../core/defined.js";
import { sizeOf } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";
import { FOUND_NUMBERS, MOST_FOUND } from "../tasks/index.js";
import {
  type Answer,
  type AnswerBatch,
  answererOf,
  MOST_SAMPLES,
  type PredictOptions,
  type Refusal,
} from "./answerer.js";
import { type OutputFacts, outputKinds } from "./output-kinds.js";
import { samplesOf } from "./predict-inputs.js";
import type { AskedFile } from "./predict-sources.js";
import type { OpenedModel } from "./trained-model.js";

/** Outputs of a model, and the assumptions about them. */
export interface AskedOutputs {
  /** Outputs of the model, in order. */
  readonly outputs: readonly OutputFacts[];
  /** Assumptions about the outputs and the samples, a sentence each. */
  readonly warnings: readonly string[];
}

/** Answers of a model about files. */
export interface Asked extends AskedOutputs {
  /** One for each sample or file, in order; a file that cannot be read has an error. */
  readonly answers: AnswerBatch["answers"];
  /** Names of the samples that have an answer, the rows of `arrays`. */
  readonly names: AnswerBatch["names"];
  /** Each output's probabilities, numbers or maps; empty unless they were to be kept. */
  readonly arrays: AnswerBatch["arrays"];
  /** Fields that limits and rules add to answers. */
  readonly judged: AnswerBatch["judged"];
}

/**
 * Asks a model about image files, `.npy` arrays and `.csv` rows of numbers.
 * @param opened the open model
 * @param paths paths of the files, or names with sources
 * @param options length of the answers, rules, memory, and the arrays to keep
 * @param options.keep keeps `arrays`; maps of many images take much memory. Default false
 * @throws FoveaError for images where the model takes none; a file that cannot be read has an `error` in its place
 * @example
 * const opened = await openAny("model.keras");
 * const asked = await predictFiles(opened, ["photo.png", "lost.png"], { keep: true });
 * asked.answers[0].top[0]; // the most probable class, with its probability
 * asked.answers[1].error; // the reason why lost.png has no answer
 * checkPredictionFile("answers.csv");
 * await writePredictions("answers.csv", asked); // or .npy, .json, and .png for maps
 * const text = predictionsCsv(asked); // the same table as text
 */
export async function predictFiles(
  opened: OpenedModel,
  paths: readonly (string | AskedFile)[],
  options: PredictOptions & { readonly keep?: boolean } = {},
): Promise<Asked> {
  const { keep = false, ...asking } = options;
  const { outputs, assumed } = outputKinds(opened, defined({ raw: asking.raw }));
  const answers: (Answer | Refusal)[] = [];
  const names: string[] = [];
  const kept: Tensor<"float32">[][] = outputs.map(() => []);
  const warnings = [...assumed];
  let judged: AnswerBatch["judged"] = [];
  for await (const batch of predictBatches(opened, paths, asking)) {
    for (const answer of batch.answers) answers.push(answer);
    for (const name of batch.names) names.push(name);
    judged = batch.judged;
    if (batch.doubt !== undefined) warnings.push(batch.doubt);
    if (keep) for (const [i, array] of batch.arrays.entries()) kept[i]!.push(array);
  }
  const arrays = keep ? outputs.map((output, i) => joined(output, kept[i]!)) : [];
  return { answers, outputs, names, arrays, judged, warnings };
}

/**
 * Asks a model about files batch by batch, for more files than memory holds.
 * @param opened the open model
 * @param files paths of the files, or names with sources
 * @throws FoveaError as `predictFiles` does, and for a memory limit below one image
 */
export async function* predictBatches(
  opened: OpenedModel,
  files: readonly (string | AskedFile)[],
  options: PredictOptions = {},
): AsyncGenerator<AnswerBatch> {
  const answerer = answererOf(opened, { fill: files.length > MOST_SAMPLES, ...options });
  try {
    for await (const samples of samplesOf(opened, files, answerer.batchSize)) yield await answerer.answer(samples);
  } finally {
    await answerer.close();
  }
}

/** The boxes of one image: those of maps, or as many as a head from elsewhere gives. */
const boxesShape = (shape: readonly number[]): readonly number[] =>
  shape.length === 2 ? shape : [MOST_FOUND, FOUND_NUMBERS];

/** Joins one output's arrays of all batches. */
function joined({ kind, shape, columns }: OutputFacts, parts: readonly Tensor<"float32">[]): Tensor<"float32"> {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  const sample =
    kind === "masks"
      ? shape.slice(0, 2)
      : kind === "boxes"
        ? boxesShape(shape)
        : columns.length > 0
          ? [columns.length]
          : shape;
  return { dtype: "float32", shape: [data.length / sizeOf(sample), ...sample], data };
}
