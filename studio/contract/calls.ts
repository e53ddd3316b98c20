// All that the page may ask of the workbench: one record a call, its input as a schema that the receiver checks, its answer
// as a type. A total table: `workbench/` answers each, `app/host/` brings it there.
import * as z from "zod";
import { COUNT, call, NAME, PROJECT, UPLOAD } from "./call.js";
import { DATA_CALLS } from "./data-calls.js";
import { EXAMPLE_CALLS } from "./example-calls.js";
import type {
  AnswerFacts,
  CodeFacts,
  JobFacts,
  JudgedImage,
  RunDetails,
  RunSummary,
  TrainChoices,
  Welcome,
} from "./facts.js";
import { NETWORK_CALLS } from "./network-calls.js";
import { OPENING_CALLS } from "./opening-calls.js";
import { STUDY_CALLS } from "./study-calls.js";
import { UNDERSTAND_CALLS } from "./understand-calls.js";

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

export const CALLS = {
  /** The first call of a page. */
  hello: call<Welcome>()(z.strictObject({})),
  ...OPENING_CALLS,
  ...DATA_CALLS,
  ...EXAMPLE_CALLS,
  ...STUDY_CALLS,
  ...UNDERSTAND_CALLS,
  ...NETWORK_CALLS,
  /** Targets that can be predicted, and the networks for them. */
  choices: call<TrainChoices>()(z.strictObject({ project: PROJECT })),
  train: call<JobFacts>()(z.strictObject({ project: PROJECT, settings: SETTINGS })),
  stop: call<null>()(z.strictObject({ job: z.string().max(200) })),
  runs: call<readonly RunSummary[]>()(z.strictObject({ project: PROJECT })),
  run: call<RunDetails>()(z.strictObject({ project: PROJECT, run: NAME })),
  /** Every image of a part of a classification, with what a run's model says of it. */
  judge: call<readonly JudgedImage[]>()(
    z.strictObject({ project: PROJECT, run: NAME, part: z.enum(["train", "validation", "test"]) }),
  ),
  /** Asks a run's model about an image: one of the project, or the bytes of a file in base64. */
  predict: call<AnswerFacts>()(z.strictObject({ project: PROJECT, run: NAME, image: z.union([COUNT, UPLOAD]) })),
  /** The lines that do what a run did, or what training with some settings will do. */
  code: call<CodeFacts>()(z.strictObject({ project: PROJECT, run: NAME.optional(), settings: SETTINGS.optional() })),
} as const;

export type CallName = keyof typeof CALLS;
export type Input<N extends CallName> = z.output<(typeof CALLS)[N]["input"]>;
export type Output<N extends CallName> = Exclude<(typeof CALLS)[N]["output"], undefined>;

/** The answers to all calls. */
export type Handlers = { readonly [N in CallName]: (input: Input<N>) => Promise<Output<N>> };
