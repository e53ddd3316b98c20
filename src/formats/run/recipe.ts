// recipe.json: all settings that are needed to train a model again to the same bits. Settings that change no bit, such
// as the number of threads, are not in it. The schema is the one description; types and checks follow from it.
import * as z from "zod";
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import { checkJson, parseJson, printJson } from "../json.js";
import { namedValues } from "../json-schema.js";
import { TASK } from "./task.js";

/** Of this format; it grows with every field that an older Fovea could not honour. */
const VERSION = 2;

const text = z.string().min(1);
const count = z.int().min(0);
const positive = z.int().positive();

/** A SHA-256 as it is written everywhere. */
export const SHA256 = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256 of 64 hexadecimal digits");

/** A Keras object such as an optimizer, or a name. */
const kerasForm = z.union(
  [text, z.object({ class_name: text, config: z.record(z.string(), z.json()) }).catchall(z.json())],
  { error: "expected a name, or a Keras object with class_name and config" },
);

/** One number for all channels, or one per channel. */
const factor = z.union([z.number(), z.array(z.number()).min(1).readonly()], {
  error: "expected a number, or a list with one per channel",
});

/** Scaling of pixels 0..255: `pixel * scale + offset`, the channels in the model's order. */
const RESCALE = z.strictObject({
  scale: factor,
  offset: factor,
  /** The model's order of channels where it is not red, green, blue; scales and offsets are in that order. */
  order: z.literal("bgr").optional(),
});

/** Steps that turn images into tensors. */
export const PREPROCESSING = z.strictObject({
  /** Height and width in pixels. */
  imageSize: z.tuple([positive, positive]).readonly(),
  color: z.enum(["grayscale", "rgb"]),
  interpolation: z.enum(["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"]),
  /** Brought to the proportions of `imageSize` about the middle, in one of the ways of `data/crop.ts`; else stretched. */
  crop: z.enum(["center", "fit", "scaled", "letterbox"]).optional(),
  /** Turns images upright by their EXIF orientation; else images stay as they are stored. */
  orientation: z.literal("exif").optional(),
  /** Takes 16-bit grey by its high byte; else it is cut off at 255. */
  depth: z.literal("scaled").optional(),
  /** Scaling of pixels 0..255 before the model sees them, when the model does not scale them itself. */
  rescale: RESCALE.optional(),
});

/** Settings of all new preprocessing beyond size and colour; older recipes without them do not apply them. */
export const UPRIGHT = { orientation: "exif", depth: "scaled" } as const;

/** Steps that turn the columns of a table into tensors. Means, deviations and categories follow from the training rows. */
export const TABLE_PREPROCESSING = z.strictObject({
  /** Columns of the features, in order; absent in a plan that takes all others than those with a role. */
  features: z.array(text).min(1).readonly().optional(),
  /** Types of columns; absent in a plan for those that are what they look like. */
  types: namedValues(z.enum(["number", "category"])).optional(),
  /** Treatment of missing values: an error, or the training rows' mean and a category of their own. */
  missing: z.enum(["error", "fill"]),
  /** True where numbers become (value - mean) / deviation, by the training rows. */
  standardize: z.boolean(),
  /** Separator of the fields; absent for the one that the table's first line uses. */
  delimiter: text.optional(),
});

/** The preprocessing of images, or that of a table. A union of both would not name the field that is wrong. */
const EITHER_PREPROCESSING = z
  .unknown()
  .transform((value, context): z.output<typeof PREPROCESSING> | z.output<typeof TABLE_PREPROCESSING> => {
    const isObject = typeof value === "object" && value !== null;
    const schema = isObject && "standardize" in value ? TABLE_PREPROCESSING : PREPROCESSING;
    const result = schema.safeParse(value, { reportInput: true });
    if (result.success) return result.data;
    for (const issue of result.error.issues) context.issues.push({ ...issue, input: issue.input } as never);
    return z.NEVER;
  });

/** One folder of images or one table, as it was found. */
const FOLDER = z.strictObject({
  path: text,
  /** The data set's content hash: names and bytes of all images that were used, or the bytes of the table. */
  sha256: SHA256,
  images: positive.optional(),
  /** Rows of a table, which has no images. */
  rows: positive.optional(),
  /** Images left out because they cannot be decoded; absent when there were none. */
  skipped: z
    .array(z.strictObject({ path: text, reason: z.string() }))
    .readonly()
    .optional(),
  /** SHA-256 of the columns of a manifest that were used; absent where the paths of images say it all. */
  columns: SHA256.optional(),
});

/** The entries of a label journal that were applied, its first ones, and the SHA-256 of their lines. */
export const RECORDED_JOURNAL = z.strictObject({ entries: positive, sha256: SHA256 });

/** The part of the images that is held out. */
const fraction = z.number().gt(0).lt(1);

/** A new head on a trained base, and the layers of the base that are trained after it. */
const TRANSFER = z.strictObject({
  /** The base's weights as they were before: the file's hash, and where it was unless the package has it. */
  weights: z.strictObject({ path: text.optional(), sha256: SHA256 }),
  /** By name, the layers that vary images in training. */
  augmentation: text,
  /** Number of variants of each training image for the head, besides the image as it is. */
  variants: count,
  /** Engine that computed the features, where it was not Fovea: their last bits follow from that too. */
  engine: z.strictObject({ name: z.literal("onnxruntime"), version: text }).optional(),
  /** Scaling of pixels for the base; absent where it is as the base was published. */
  rescale: RESCALE.optional(),
  /** Head on the base's maps, which learns from images; absent for a head on features of the whole image. */
  head: z.enum(["lraspp", "ttfnet"]).optional(),
  /** Layer of the base whose results the head takes; absent where it is the base's own end. */
  cut: text.optional(),
  /** Names of the file's classes in order, where the head begins with its weights for classes of the same names. */
  keepClasses: z.array(text).readonly().optional(),
  /** Absent when the base stays as it is. */
  fineTune: z
    .strictObject({
      /** The last layers of the base. */
      layers: z.union([positive, z.literal("all")], { error: 'expected a number of layers, or "all"' }),
      learningRate: z.number().positive(),
      epochs: positive,
      batchSize: positive,
      /** Images that are computed at a time, as in `training`. */
      microBatchSize: positive.optional(),
    })
    .optional(),
});

export const RECIPE = z.strictObject({
  version: z.literal(VERSION),
  /** Versions of the software that made the recipe. */
  createdBy: z.strictObject({ fovea: z.string(), node: z.string().optional() }),
  /** A known architecture by name, or any model in Keras's form. */
  model: z.union([z.strictObject({ name: text }), z.strictObject({ config: z.record(z.string(), z.json()) })], {
    error: 'expected {"name": a known architecture} or {"config": a model in Keras\'s form}',
  }),
  /** Transfer learning on a trained base; `model` then names the base, and the rest follows from the classes. */
  transfer: TRANSFER.optional(),
  /** The search of settings that this one comes out of: the trial of a study, of so many complete ones at the time. */
  search: z
    .strictObject({
      study: text,
      trial: count,
      complete: positive.optional(),
      parameters: z.record(z.string(), z.json()),
    })
    .optional(),
  /** Kind of the model's answers, with the names of its outputs. */
  task: TASK,
  /** Columns of a manifest by their roles, where they are not called as the roles are. */
  columns: z
    .strictObject({ path: text, split: text, group: text, weight: text, exposure: text, date: text })
    .partial()
    .optional(),
  data: z.strictObject({
    train: FOLDER,
    validation: FOLDER.optional(),
    test: FOLDER.optional(),
    /** Corrections of labels that were applied. */
    journal: RECORDED_JOURNAL.optional(),
  }),
  /** Images or rows in each part, after splitting. */
  parts: z.strictObject({ train: count, validation: count, test: count }).optional(),
  /** Of images, or of a table, which has `missing` and `standardize`. */
  preprocessing: EITHER_PREPROCESSING,
  /**
   * Shares held out where a part has no folder: for the test of all images in `data.train`, then for validation of
   * the rest.
   */
  split: z.strictObject({
    validation: fraction,
    test: fraction.optional(),
    seed: z.int().min(0).max(0xffff_ffff),
    /** True where each class is held out in its proportion; absent for scikit-learn's plain split. */
    stratify: z.boolean().optional(),
    /** Way of splitting where the images have groups or dates: groups stay whole, or the latest are held out. */
    by: z.enum(["random", "group", "date"]).optional(),
    /** True where images with the same bytes count as one group. */
    keepCopies: z.boolean().optional(),
    /** Parts that the data themselves name, by a column split or by folders; the shares say nothing about these. */
    bySource: z
      .array(z.enum(["validation", "test"]))
      .min(1)
      .readonly()
      .optional(),
  }),
  /** Of the initial weights, the order of samples and dropout. */
  seed: count,
  mode: z.enum(["reproducible", "fast"]),
  /** Version of the numerics of training steps; absent for the first. */
  numerics: z.literal(2).optional(),
  training: z.strictObject({
    optimizer: kerasForm,
    /**
     * Method that solves over all rows at once: Newton's for a linear model of numbers, penalised logistic regression for the head of a
     * transfer; absent where the optimizer learns from batches.
     */
    solver: z.enum(["newton", "logistic"]).optional(),
    loss: kerasForm,
    metrics: z.array(kerasForm).readonly(),
    epochs: positive,
    batchSize: positive,
    /** Samples that are computed at a time where a batch is computed in parts, whose slopes are added up; absent where it is whole. */
    microBatchSize: positive.optional(),
    /** The history key that early stopping watches. */
    monitor: text,
    /** Epochs without improvement after which training stops; null for never. */
    patience: count.nullable(),
    /** Weight of an image of each class in the loss, in the order of the task's classes; absent where all have 1. */
    classWeight: z.array(z.number().min(0)).readonly().optional(),
    /** A table of the weights of single images in the loss: the file's hash, and where it was. */
    sampleWeight: z.strictObject({ path: text, sha256: SHA256 }).optional(),
  }),
});

/** All that decides a run's result: data, model, training, seeds. */
export type Recipe = z.output<typeof RECIPE>;
export type RecordedJournal = z.output<typeof RECORDED_JOURNAL>;
export type TransferRecipe = z.output<typeof TRANSFER>;
/** The steps from an image file to the model's input. */
export type Preprocessing = z.output<typeof PREPROCESSING>;
export type TablePreprocessing = z.output<typeof TABLE_PREPROCESSING>;
export type Rescale = z.output<typeof RESCALE>;

/**
 * The text of a recipe.json; its fields in the schema's order, so that equal recipes are equal files.
 * @param recipe The recipe.
 * @throws FoveaError for a recipe that could not be read back.
 */
export const writeRecipe = (recipe: Recipe): string => printJson(checkJson("recipe", RECIPE, recipe));

/** Tells the preprocessing of a table from that of images. */
export const isOfTable = (preprocessing: Preprocessing | TablePreprocessing): preprocessing is TablePreprocessing =>
  "standardize" in preprocessing;

/**
 * A recipe in the form of today's version. One of version 1 has no task: it is a classification, its classes beside.
 * Anything else is left for the schema to judge.
 */
export function upgraded(value: unknown): unknown {
  if (!isJsonObject(value as Json) || (value as JsonObject).version !== 1) return value;
  const { version: _version, classNames, ...others } = value as JsonObject;
  return { ...others, version: VERSION, task: { kind: "classification", classNames } };
}

/** A recipe inside of another file, of this version or version 1. */
export const STORED_RECIPE = z.preprocess(upgraded, RECIPE);

/**
 * Reads the text of a recipe.json.
 * @param name what the errors call it
 * @param json The file's text or bytes.
 * @throws FoveaError naming the first field that is missing, unknown or wrong.
 * @example
 * const recipe = readRecipe(await readFile("runs/pets/recipe.json"));
 * writeRecipe({ ...recipe, seed: 2 }); // the text of the recipe with other random numbers
 */
export function readRecipe(json: Uint8Array | string, name = "recipe.json"): Recipe {
  const value = parseJson(name, json);
  const version = isJsonObject(value) ? value.version : undefined;
  if (typeof version === "number" && version > VERSION)
    throw new FoveaError(
      "unsupported-feature",
      `${name}: expected a recipe of version ${VERSION}, received version ${version}; read it with a newer Fovea`,
    );
  return checkJson(name, RECIPE, upgraded(value));
}
