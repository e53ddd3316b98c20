// Calls about training: what can be trained, its start and its stop, the runs that came of it and their code.
import * as z from "zod";
import { COUNT, call, NAME, PROJECT } from "./call.js";
import type {
  CodeFacts,
  JobFacts,
  NetworkCost,
  RunComparison,
  RunDetails,
  RunSummary,
  TrainChoices,
  UnfinishedRun,
} from "./facts.js";

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
  task: z.enum(["classification", "multiLabel", "regression", "segmentation", "verification", "detection"]).optional(),
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
  /** Parameters of the networks that can be trained from nothing, by their names; those that do not fit are left out. */
  sizes: call<Readonly<Record<string, NetworkCost>>>()(z.strictObject({ project: PROJECT, settings: SETTINGS })),
  /** Measures the network of some settings by two steps of training on images of noise. */
  measure: call<NetworkCost>()(z.strictObject({ project: PROJECT, settings: SETTINGS })),
  /** An image as it is and as the settings' augmentation varies it, as addresses with the data in them. */
  variants: call<readonly string[]>()(z.strictObject({ project: PROJECT, image: COUNT, settings: SETTINGS })),
  train: call<JobFacts>()(z.strictObject({ project: PROJECT, settings: SETTINGS })),
  stop: call<null>()(z.strictObject({ job: z.string().max(200) })),
  /** Runs of a project that were broken off and are not at work again. */
  unfinished: call<readonly UnfinishedRun[]>()(z.strictObject({ project: PROJECT })),
  /** Goes on with a run that was broken off; it ends in the weights that it would have had. */
  resume: call<JobFacts>()(z.strictObject({ project: PROJECT, run: NAME })),
  runs: call<readonly RunSummary[]>()(z.strictObject({ project: PROJECT })),
  run: call<RunDetails>()(z.strictObject({ project: PROJECT, run: NAME })),
  /** Two runs that have ended beside each other. */
  compare: call<RunComparison>()(z.strictObject({ project: PROJECT, first: NAME, second: NAME })),
  /** The lines that do what a run did, or what training with some settings will do. */
  code: call<CodeFacts>()(z.strictObject({ project: PROJECT, run: NAME.optional(), settings: SETTINGS.optional() })),
} as const;
