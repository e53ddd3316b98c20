// Calls about training: what can be trained, its start and its stop, the runs that came of it and their code.
import * as z from "zod";
import { call, NAME, PROJECT } from "./call.js";
import type { CodeFacts, JobFacts, RunDetails, RunSummary, TrainChoices } from "./facts.js";

/** Settings of training that a newcomer can leave alone. */
const SETTINGS = z.strictObject({
  /** A network by its name, such as `cnn`; or a trained base, of which only a new head learns. */
  model: NAME,
  /** The opened model that is trained further, as its project; where `model` is `model`. */
  from: PROJECT.optional(),
  /** The layers of a base that are trained as well, from its end; 0 leaves it as it is. */
  fineTune: z.int().min(0).max(10_000).optional(),
  /** Columns of a manifest to predict, where it has several. */
  target: z.array(NAME).min(1).max(100).optional(),
  task: z.enum(["classification", "multiLabel", "regression"]).optional(),
  /** The task's loss by its short name, such as `gamma`. */
  loss: z.string().max(100).optional(),
  epochs: z.int().min(1).max(10_000),
  batchSize: z.int().min(1).max(100_000),
  learningRate: z.number().positive().max(1),
  augment: z.enum(["none", "light", "photo"]),
  patience: z.int().min(0).max(10_000),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
  imageSize: z.tuple([z.int().min(1).max(4096), z.int().min(1).max(4096)]).optional(),
  color: z.enum(["grayscale", "rgb"]).optional(),
});

export type TrainSettings = z.output<typeof SETTINGS>;

export const TRAINING_CALLS = {
  /** Targets that can be predicted, and the networks for them. */
  choices: call<TrainChoices>()(z.strictObject({ project: PROJECT })),
  train: call<JobFacts>()(z.strictObject({ project: PROJECT, settings: SETTINGS })),
  stop: call<null>()(z.strictObject({ job: z.string().max(200) })),
  runs: call<readonly RunSummary[]>()(z.strictObject({ project: PROJECT })),
  run: call<RunDetails>()(z.strictObject({ project: PROJECT, run: NAME })),
  /** The lines that do what a run did, or what training with some settings will do. */
  code: call<CodeFacts>()(z.strictObject({ project: PROJECT, run: NAME.optional(), settings: SETTINGS.optional() })),
} as const;
