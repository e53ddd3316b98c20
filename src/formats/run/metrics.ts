// metrics.json: results of a run. Its fields are those that `fovea train --json` prints, under the same names.
import * as z from "zod";
import { checkJson, parseJson, printJson } from "../json.js";
import { SHA256 } from "./recipe.js";

/** `{ loss, accuracy, ... }` under Keras's names. JSON knows no NaN and has null in its place. */
const RESULT = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const RESULTS = z.record(z.string(), RESULT);

const PART = z.object({
  /** Folder of the images, or the table. */
  folder: z.string(),
  images: z.int().min(0).optional(),
  /** Rows of a table, which has no images. */
  rows: z.int().min(0).optional(),
  /** True for a held-out share of the folder's images; `stratified` where the split keeps classes in proportion. */
  held_out: z.boolean(),
  stratified: z.boolean(),
  chooses_epoch: z.boolean(),
});

/** Fit of confidence to accuracy, with Murphy's parts of the Brier score of the most probable class. */
const CALIBRATION = z.object({
  log_loss: z.number(),
  brier: z.number(),
  ece: z.number(),
  adaptive_ece: z.number(),
  mce: z.number(),
  brier_parts: z.record(z.string(), z.number()),
});

const METRICS = z.looseObject({
  /** Kind of the task; absent in runs of before there were tasks, which are classifications. */
  task: z.string().optional(),
  /** Epochs trained, and the one whose weights were kept, both counted from 1. */
  epochs: z.int().min(0),
  best_epoch: z.int().min(0),
  seconds_per_epoch: z.number().min(0),
  /**
   * Processor time of training and evaluation, all threads of the process together; absent in a browser, which tells none, in a
   * resumed run, of which a part is missing, and in older runs.
   */
  processor_seconds: z.number().min(0).optional(),
  params: z.int().min(0),
  weights_sha256: SHA256,
  train: RESULTS.optional(),
  val: RESULTS.optional(),
  test: RESULTS.optional(),
  /** Intervals of 95 %, `[low, high]`, of those test figures that have one. */
  intervals: z.object({ test: z.record(z.string(), z.tuple([z.number(), z.number()]).readonly()) }).optional(),
  /** Temperature by validation, and calibration on the test images before and after it; absent in older runs. */
  calibration: z
    .object({
      temperature: z.number(),
      fitted_on: z.object({ images: z.int(), chose_epoch: z.boolean() }),
      before: CALIBRATION,
      after: CALIBRATION,
    })
    .optional(),
  /** Share of test images whose conformal set or interval holds the truth, by method and nominal coverage. */
  coverage: z
    .array(
      z.object({
        target: z.string().optional(),
        method: z.string(),
        nominal: z.number(),
        covered: z.number(),
        interval: z.array(z.number()),
        mean_size: z.number().optional(),
        /** Null where there were too few validation images for a limit. */
        mean_width: RESULT.optional(),
      }),
    )
    .optional(),
  /** Area under the risk-coverage curve, thresholds with a bound on the error, and costs of ways to decide. */
  referral: z
    .object({
      aurc: z.number(),
      thresholds: z.array(
        z.object({
          risk: z.number(),
          confidence: z.number(),
          threshold: z.number().nullable(),
          accepted: z.int(),
          wrong: z.int(),
        }),
      ),
      costs: z.object({
        mistake: z.number(),
        look: z.number(),
        per_image: z.array(z.object({ rule: z.union([z.string(), z.number()]), cost: z.number() })),
      }),
      none_of_these: z
        .object({ measures: z.array(z.string()), level: z.number(), judged: z.int(), referred: z.int() })
        .optional(),
    })
    .optional(),
  /**
   * The best answer without a look at images, and its figure in each part: the commonest class with its accuracy, or the
   * mean as `prediction` with the figure that `metric` names.
   */
  baseline: z
    .object({
      class: z.string().optional(),
      metric: z.string().optional(),
      prediction: z.number().optional(),
      train: z.number(),
      val: z.number(),
      test: z.number(),
    })
    .optional(),
  /** Folder and number of the images or rows of each part, how they were split off, and whether they chose the epoch. */
  parts: z.object({ train: PART, val: PART, test: PART }).optional(),
  /** Warnings to read before believing the figures. */
  warnings: z.array(z.string()).optional(),
});

/** The contents of a run's metrics.json. */
export type RunMetrics = z.infer<typeof METRICS>;

/**
 * The metrics as text.
 * @param metrics The contents.
 */
export const writeMetrics = (metrics: RunMetrics): string => printJson(metrics);

/**
 * Reads the text of a metrics.json.
 * @param text The file's text or bytes.
 * @param name The name in messages.
 * @throws FoveaError naming the first field that is missing or wrong.
 * @example
 * const metrics = readMetrics(await readFile("runs/pets/metrics.json"));
 * writeMetrics({ ...metrics, warnings: [] }); // the text of a metrics.json
 */
export const readMetrics = (text: Uint8Array | string, name = "metrics.json"): RunMetrics =>
  checkJson(name, METRICS, parseJson(name, text));
