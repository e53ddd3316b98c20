// The task of a recipe and of a model: the kind of answer that a model gives about an image, and the names and units of its
// outputs. One schema a task; experiment/tasks has everything that follows from them.
import * as z from "zod";
import { type ByKind, byKind } from "../../core/by-kind.js";

const text = z.string().min(1);

/** A check of an object whose fields are lists with one entry for each output: all are as long as the first. */
const sameLengths =
  <Name extends string>(first: Name, ...others: readonly Name[]) =>
  (context: z.core.ParsePayload<{ readonly [K in Name]?: readonly unknown[] | undefined }>): void => {
    const wanted = context.value[first]!.length;
    for (const name of others) {
      const list = context.value[name];
      if (list !== undefined && list.length !== wanted)
        context.issues.push({
          code: "custom",
          path: [name],
          input: list,
          message: `expected ${wanted} item${wanted === 1 ? "" : "s"}, one for each of ${first}`,
        });
    }
  };

/** One class an image. */
const CLASSIFICATION = z.strictObject({
  kind: z.literal("classification"),
  /** The class of each output, in order. */
  classNames: z.array(z.string()).min(2).readonly(),
  /** The manifest's column; absent where folders are the classes. */
  column: text.optional(),
});

/** Any number of labels an image, each with a probability of its own. */
const MULTI_LABEL = z
  .strictObject({
    kind: z.literal("multiLabel"),
    /** The label of each output, in order. */
    labelNames: z.array(z.string()).min(1).readonly(),
    /** The manifest's columns: one with lists of labels, or one a label with 0 and 1. */
    columns: z.array(text).min(1).readonly(),
    /** Probability from which each label is given, in the order of `labelNames`; absent before validation chose them. */
    thresholds: z.array(z.number().min(0).max(1)).readonly().optional(),
  })
  .check(sameLengths("labelNames", "thresholds"));

/** One or several numbers an image. */
const REGRESSION = z
  .strictObject({
    kind: z.literal("regression"),
    /** The manifest's column of each output, in order. */
    targets: z.array(text).min(1).readonly(),
    /** Function of the last layer: the numbers as they are, or their exponential, which is above 0. */
    link: z.enum(["identity", "log"]),
    /** Output = link's function of the last layer, times `scale`, plus `offset`: so answers come back in their unit. */
    scale: z.array(z.number().positive()).readonly(),
    offset: z.array(z.number()).readonly(),
    /** Strength of the penalty in the measure of scikit-learn's generalized linear models, which `penalty` follows from. */
    l2: z.number().positive().optional(),
    /** Factor of the squares of the last layer's weights in the loss (L2); absent where there is no such penalty. */
    penalty: z.number().positive().optional(),
    /** The column of exposures, where answers are for an exposure of 1: targets are divided by it, and weighted with it. */
    exposure: text.optional(),
  })
  .check(sameLengths("targets", "scale", "offset"));

/** Two images of one identity or not: the model gives embeddings, of which cosines are compared. */
const VERIFICATION = z.strictObject({
  kind: z.literal("verification"),
  /** Numbers in an embedding, which has length 1. */
  dimensions: z.int().positive(),
  /** Identities among the training images. */
  identities: z.int().min(2),
  /** Loss of the training: ArcFace with a direction for each identity, which the kept model is without; or triplets. */
  learning: z.enum(["arcface", "triplet"]),
  /** The manifest's column of identities; absent where folders are these. */
  column: text.optional(),
  /** Cosine from which two images count as of one identity; absent before validation chose it. */
  threshold: z.number().min(-1).max(1).optional(),
});

/** A class for each pixel of an image. */
const SEGMENTATION = z.strictObject({
  kind: z.literal("segmentation"),
  /** The class of each channel of the output, in order; the first is the background where there is one. */
  classNames: z.array(z.string()).min(2).max(255).readonly(),
  /** The manifest's column of masks; absent where they lie in a folder beside that of the images. */
  column: text.optional(),
});

/** A class and a box for each object on an image. */
const DETECTION = z.strictObject({
  kind: z.literal("detection"),
  /** The class of each of the first channels of the output, in order. */
  classNames: z.array(z.string()).min(1).max(1000).readonly(),
  /** Score above which detections are told; absent before validation has decided about it. */
  score: z.number().min(0).max(1).optional(),
});

/** Schema of each task, by its kind. */
export const TASK_SCHEMAS = {
  classification: CLASSIFICATION,
  multiLabel: MULTI_LABEL,
  regression: REGRESSION,
  verification: VERIFICATION,
  segmentation: SEGMENTATION,
  detection: DETECTION,
} as const;

export const TASK = z.discriminatedUnion(
  "kind",
  [CLASSIFICATION, MULTI_LABEL, REGRESSION, SEGMENTATION, VERIFICATION, DETECTION],
  {
    error: `expected a task with the kind ${Object.keys(TASK_SCHEMAS).join(", ")}`,
  },
);

/** The name of a task: classification, regression and so on. */
export type TaskKind = keyof typeof TASK_SCHEMAS;
/** The names of all tasks. */
export const TASK_KINDS = Object.keys(TASK_SCHEMAS) as readonly TaskKind[];
/** The task in a recipe. */
export type TaskFacts = z.output<typeof TASK>;
/** The same of one kind. */
export type TaskFactsOf<K extends TaskKind> = Extract<TaskFacts, { readonly kind: K }>;

/**
 * Names of a model's outputs: classes, labels or targets. The numbers of an embedding have none.
 * @param task in a recipe or a model's facts
 * @example outputNamesOf({ kind: "classification", classNames: ["no", "yes"] }) // ["no", "yes"]
 */
export const outputNamesOf = (task: TaskFacts): readonly string[] => byKind(NAMES, task).outputs;

/** Names that targets of a model's task may have; undefined where data bring along their own, as identities do. */
export const expectedNamesOf = (task: TaskFacts | undefined): readonly string[] | undefined =>
  task && byKind(NAMES, task).expected;

/**
 * Names of the classes that each image has one of; undefined for a task whose images have none.
 * @param task in a recipe or a model's facts
 * @example classNamesOf({ kind: "classification", classNames: ["no", "yes"] }) // ["no", "yes"]
 */
export const classNamesOf = (task: TaskFacts | undefined): readonly string[] | undefined =>
  task && byKind(NAMES, task).classes;

/** Names of a task, by what they name. */
interface TaskNames {
  readonly outputs: readonly string[];
  readonly expected?: readonly string[];
  readonly classes?: readonly string[];
}

const NAMES: ByKind<TaskFacts, TaskNames> = {
  classification: ({ classNames: names }) => ({ outputs: names, expected: names, classes: names }),
  multiLabel: ({ labelNames: names }) => ({ outputs: names, expected: names }),
  regression: ({ targets: names }) => ({ outputs: names, expected: names }),
  segmentation: ({ classNames: names }) => ({ outputs: names, expected: names }),
  detection: ({ classNames: names }) => ({ outputs: names, expected: names }),
  verification: () => ({ outputs: [] }),
};
