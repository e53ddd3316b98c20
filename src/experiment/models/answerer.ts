// Answers of a model about samples that are in memory: those of its task, or numbers and maps, each judged by the facts of
// the model's file. Whoever reads the samples (files of predict, blocks of score, requests of a service) gets the same.
import { showByteSize } from "../../core/byte-size.js";
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { sizeOf } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";
import type { TaskFacts, TaskKind } from "../../formats/run/task.js";
import type { BadFile } from "../data/bad-files.js";
import { type AnswerOptions, type Readings, type TaskAnswer, type Told, taskOf, tell } from "../tasks/index.js";
import type { DecisionRules } from "../trust/decisions/rules.js";
import { calibratedReadings, type Judgement, type JudgementField, judgeOf } from "./calibrated.js";
import { decoded } from "./heads/decode.js";
import { type OutputFacts, outputKinds } from "./output-kinds.js";
import type { OpenedModel } from "./trained-model.js";

/** Samples that were read, or files that could not be, in the order of the files. */
export interface Samples {
  /** A name for each row of `x`, or a file without a row. */
  readonly items: readonly (string | BadFile)[];
  /** Rows of all samples that could be read, `[n, ...shape]`; undefined where none could. */
  readonly x: Tensor | undefined;
  /** Height and width in pixels of the file of each row of `x`; absent where there are no files of images. */
  readonly sizes?: readonly (readonly [height: number, width: number])[];
  /** Problem that the samples seem to have, a sentence. */
  readonly doubt?: string;
}

/** Prediction of one output for one sample: the task's answer, one number, several, or a map's shape and range. */
export type OutputAnswer =
  | TaskAnswer
  | {
      /** The number of an output with one number. */
      readonly value: Told;
    }
  | {
      /** Numbers of an output with several, in its order. */
      readonly values: readonly Told[];
    }
  | {
      /** Shape of a map, without the axis of samples. */
      readonly shape: readonly number[];
      /** Smallest number of the map. */
      readonly min: Told;
      /** Largest number of the map. */
      readonly max: Told;
      /** Mean of the map's numbers. */
      readonly mean: Told;
    };

/** Prediction of a model for one sample; by the outputs' names where it has several. */
export type Answer = {
  /** Name of the sample: the path of an image, `rows.npy[3]` for a row of an array. */
  readonly image: string;
  /** The kind of the answer; absent for plain numbers, maps and several outputs. */
  readonly task?: TaskKind;
} & Judgement &
  (OutputAnswer | { readonly outputs: Readonly<Record<string, OutputAnswer>> });

/** A sample without an answer, and a sentence that says why. */
export interface Refusal extends BadFile {
  /** The kind of the answer that it would have had; absent for plain numbers, maps and several outputs. */
  readonly task?: TaskKind;
  /** Always false: a person should look. */
  readonly accepted: false;
}

/**
 * Tells a sample without an answer from one whose answer may be referred.
 * @param answer an entry of `answers`
 */
export const isRefusal = (answer: Answer | Refusal): answer is Refusal => "error" in answer;

/**
 * Answers of a batch with their rows of `arrays`; the row is undefined for a file that could not be read.
 * @param batch answers, and the names of the samples that the model computed
 */
export function withRows({ answers, names }: Pick<AnswerBatch, "answers" | "names">) {
  let next = 0;
  return answers.map((answer) => ({ answer, row: names[next] === answer.image ? next++ : undefined }));
}

/** Options of answers: their length, their calibration, and the rules by which they are accepted. */
export interface PredictOptions {
  /** Number of classes in an answer, the most probable first. Default 5. */
  readonly top?: number;
  /** Leaves outputs as the model gives them and takes nothing for classes. Default false. */
  readonly raw?: boolean;
  /** Bytes that the pixels of images may take at a time. Default: those of 128 images. */
  readonly memory?: number;
  /** False for probabilities as the model gives them, without the temperature of its file. Default true. */
  readonly calibration?: boolean;
  /** True to compute fewer samples than a batch as a whole one, which spares a compilation for their number. Default false. */
  readonly fill?: boolean;
  /** Rules about which answers are accepted. Default: images like none of the training images are referred. */
  readonly rules?: DecisionRules;
}

/** Answers about some files, in order. */
export interface AnswerBatch {
  /** One for each sample or file; those that are referred have a reason. */
  readonly answers: readonly (Answer | Refusal)[];
  /** The names of the samples that the model computed: the rows of `arrays`. */
  readonly names: readonly string[];
  /** Each output's probabilities, numbers or maps, `[samples, ...shape]`; none where no file could be read. */
  readonly arrays: readonly Tensor<"float32">[];
  /** Fields that limits and rules add to answers. */
  readonly judged: readonly JudgementField[];
  /** Path of the mask of each row of `arrays`; absent where no masks are written. */
  readonly maskFiles?: readonly string[];
  /** Problem that the samples seem to have, a sentence. */
  readonly doubt?: string;
}

/** Samples that are in memory at once, and the numbers that these and their outputs may have. */
export const MOST_SAMPLES = 128;
const MOST_NUMBERS = 2 ** 26;

/** A model that answers about samples; `close` ends what it opened, not the model. */
export interface Answerer {
  /** Outputs of the model, in order. */
  readonly outputs: readonly OutputFacts[];
  /** Assumptions about the outputs, a sentence each. */
  readonly assumed: readonly string[];
  /** Most samples of a batch that fit into the memory it may take. */
  readonly batchSize: number;
  /** Fields that limits and rules add to answers. */
  readonly judged: readonly JudgementField[];
  /**
   * Answers about samples of any number; files without a row get their refusal in place.
   * @param samples pixels or numbers as the model takes them, with a name for each row
   */
  answer(samples: Samples): Promise<AnswerBatch>;
  /** Frees the features that judge novelty; the model stays open. */
  close(): Promise<void>;
}

/**
 * A model ready to answer about samples in memory. `predictFiles` reads files as well.
 * @param opened the open model
 * @throws FoveaError for a memory limit below one image, and for rules that the model's file has no facts for
 * @example
 * const opened = await openModel("model.keras");
 * const answerer = answererOf(opened, { top: 3 });
 * const x = await imagesFor(opened, ["photo.png"]);
 * const lost = { image: "lost.png", error: "lost.png is not there", code: "not-found" };
 * const { answers } = await answerer.answer({ items: ["photo.png", lost], x });
 * answers.map((answer) => isRefusal(answer)); // [false, true]
 * await answerer.close();
 */
export function answererOf(
  opened: OpenedModel,
  { top = 5, raw = false, memory, calibration = true, fill = false, rules = {} }: PredictOptions = {},
): Answerer {
  const { outputs, assumed } = outputKinds(opened, { raw });
  const [only] = outputs;
  const task = outputs.length === 1 ? only!.task : undefined;
  const perSample = [opened.model.inputShape, ...opened.model.outputShapes].reduce(
    (sum, shape) => sum + sizeOf(shape),
    0,
  );
  const most = memory === undefined ? MOST_SAMPLES : imagesWithin(memory, sizeOf(opened.model.inputShape));
  const batchSize = Math.max(1, Math.min(MOST_SAMPLES, most, Math.floor(MOST_NUMBERS / perSample)));
  const judge = judgeOf(opened, task, { rules, calibration, batchSize, fill });
  return {
    outputs,
    assumed,
    batchSize,
    judged: judge.fields,
    close: () => judge.close(),
    answer: async ({ items, x, sizes, doubt }) => {
      const results =
        x === undefined ? [] : await resultsOf(opened, outputs, { x, sizes }, { batchSize, fill, calibration });
      const [{ raw: output, read } = {}] = results;
      const judgements =
        x === undefined || output === undefined || read === undefined
          ? undefined
          : await judge.judge(x, output, read.readings);
      const names: string[] = [];
      const answers = items.map((item): Answer | Refusal => {
        const kind = defined({ task: task?.kind });
        if (typeof item !== "string")
          return { image: item.image, ...kind, accepted: false, error: item.error, code: item.code };
        const row = names.length;
        names.push(item);
        const size = sizes?.[row] ?? sizeOfSamples(opened);
        const told = results.map((result) => outputAnswer(result, row, { top, size }));
        if (told.some((answer) => answer === undefined))
          return {
            image: item,
            ...kind,
            accepted: false,
            error: `${item}: the model gives NaN for it, so it has no answer`,
            code: "not-finite",
          };
        const judgement = judgements?.[row] ?? { accepted: true };
        const base = { image: item, ...kind, ...judgement };
        if (told.length === 1) return { ...base, ...told[0]! };
        return { ...base, outputs: Object.fromEntries(outputs.map(({ name }, i) => [name, told[i]!])) };
      });
      return { answers, names, arrays: results.map(arrayOf), judged: judge.fields, ...defined({ doubt }) };
    },
  };
}

/** Most images that fit: each is there as it was read, and as part of its batch. */
function imagesWithin(memory: number, imageBytes: number): number {
  if (memory >= 2 * imageBytes) return Math.floor(memory / (2 * imageBytes));
  throw new FoveaError(
    "out-of-memory-bound",
    `memory ${showByteSize(memory)} (--memory) holds less than one image of ${imageBytes.toLocaleString("en-US")} bytes ` +
      `twice, as it is read and in its batch; give at least ${showByteSize(2 * imageBytes)}`,
  );
}

/** Prediction of one output for a batch: as the model gives it, and as its task reads it. */
interface Result {
  readonly raw: Tensor<"float32">;
  readonly read: { readonly task: TaskFacts; readonly readings: Readings } | undefined;
}

async function resultsOf(
  { model, original, facts, detector }: OpenedModel,
  outputs: readonly OutputFacts[],
  { x, sizes }: { readonly x: Tensor; readonly sizes: Samples["sizes"] | undefined },
  {
    batchSize,
    fill,
    calibration,
  }: { readonly batchSize: number; readonly fill: boolean; readonly calibration: boolean },
): Promise<Result[]> {
  const predicted = await model.predictAll(x, { batchSize, fill });
  const all =
    detector !== undefined && outputs[0]?.kind === "boxes" ? [decoded(detector, predicted, sizes)] : predicted;
  return all.map((raw, i) => {
    const { task } = outputs[i]!;
    if (task === undefined) return { raw, read: undefined };
    const readings = taskOf(task).readings(original, raw, i);
    return { raw, read: { task, readings: calibration ? calibratedReadings(readings, facts) : readings } };
  });
}

/** Height and width of the images that a model takes. */
const sizeOfSamples = ({ model }: OpenedModel): readonly [height: number, width: number] => {
  const [height = 1, width = 1] = model.inputShape;
  return [height, width];
};

/** One output's answer for one row; undefined where its task finds NaN. */
function outputAnswer({ raw, read }: Result, row: number, options: AnswerOptions): OutputAnswer | undefined {
  if (read !== undefined) return taskOf(read.task).answer(read.readings, row, read.task, options);
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

/** A batch's probabilities where its task has some, or else its numbers. */
const arrayOf = ({ raw, read }: Result): Tensor<"float32"> => {
  if (read === undefined) return raw;
  const { width, height, data } = read.readings;
  if (height !== undefined)
    return {
      ...{ dtype: "float32", shape: [data.length / width, height, width / height] },
      data: Float32Array.from(data),
    };
  return { dtype: "float32", shape: [data.length / width, width], data: Float32Array.from(data) };
};

/**
 * The readings in an array of a batch: rows of numbers, boxes or maps, which know their height.
 * @param array array of one output, `[samples, ...shape]`
 * @param output facts of the output, of which the kind counts
 */
export function readingsIn({ shape, data }: Tensor<"float32">, { kind }: Pick<OutputFacts, "kind">): Readings {
  const width = sizeOf(shape.slice(1));
  return { width, data, ...(kind === "masks" && { height: shape[1]! }) };
}
