// All that the page may ask of the workbench: one record a call, its input as a schema that the receiver checks, its answer
// as a type. A total table: `workbench/` answers each, `app/host/` brings it there.
import * as z from "zod";
import type {
  AnswerFacts,
  ClassCount,
  CodeFacts,
  ImagePage,
  JobFacts,
  JudgedImage,
  PlaceEntry,
  ProjectFacts,
  RunDetails,
  RunSummary,
  Welcome,
} from "./facts.js";

/** A call: how its input is checked, and what its answer is. */
interface Call<Input, Output> {
  readonly input: z.ZodType<Input>;
  /** Carries the type alone. */
  readonly output?: Output;
}

const call =
  <Output>() =>
  <Input>(input: z.ZodType<Input>): Call<Input, Output> => ({ input });

const PROJECT = z.string().max(200);
const NAME = z.string().min(1).max(1000);
const COUNT = z.int().min(0).max(10_000_000);

/** The most characters of a file in base64: some 50 MB. */
const MOST_TEXT = 70_000_000;
const UPLOAD = z.strictObject({ name: NAME, base64: z.string().max(MOST_TEXT) });

const FILTER = z.strictObject({
  label: NAME.optional(),
  part: NAME.optional(),
  search: z.string().max(1000).optional(),
  changed: z.boolean().optional(),
});

/** Generated sets that need no files. */
export const GENERATED = ["hanzi", "hail"] as const;

/** Settings of training that a newcomer can leave alone. */
const SETTINGS = z.strictObject({
  /** A network by its name, such as `cnn`. */
  model: NAME,
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
  /** What lies in a folder; without a path the roots. */
  browse: call<readonly PlaceEntry[]>()(z.strictObject({ path: z.string().max(4096).optional() })),
  /** Opens a path of the disk. */
  open: call<ProjectFacts>()(z.strictObject({ path: z.string().min(1).max(4096) })),
  /** Makes one of the generated sets, or opens it where it was made before. */
  generate: call<ProjectFacts>()(z.strictObject({ name: z.enum(GENERATED) })),
  project: call<ProjectFacts>()(z.strictObject({ project: PROJECT })),
  images: call<ImagePage>()(
    z.strictObject({ project: PROJECT, filter: FILTER, from: COUNT, count: z.int().min(0).max(5000) }),
  ),
  counts: call<readonly ClassCount[]>()(z.strictObject({ project: PROJECT })),
  /** Gives images another label by the journal; `null` leaves them out. */
  relabel: call<ProjectFacts>()(
    z.strictObject({
      project: PROJECT,
      images: z.array(COUNT).min(1).max(100_000),
      to: NAME.nullable(),
      why: z.string().max(1000).optional(),
    }),
  ),
  /** Takes back the last change of labels. */
  undo: call<ProjectFacts>()(z.strictObject({ project: PROJECT })),
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
