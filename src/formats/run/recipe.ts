// recipe.json: all that is needed to train a model again to the same bits. What does not change a bit, such as the
// number of threads, is not in it. The schema is the one description; types and checks follow from it.
import { z } from "zod";
import { checkJson, parseJson, printJson } from "../json.js";

const positive = z.int().positive();
const hash = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256 of 64 hexadecimal digits");
/** A Keras object such as an optimizer, or a name. */
const kerasForm = z.union([
  z.string(),
  z.looseObject({ class_name: z.string(), config: z.record(z.string(), z.json()) }),
]);

/** How images become tensors. */
export const PREPROCESSING = z.strictObject({
  /** Height and width in pixels. */
  imageSize: z.tuple([positive, positive]).readonly(),
  color: z.enum(["grayscale", "rgb"]),
  interpolation: z.enum(["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"]),
});

/** One folder of images, as it was found. */
const FOLDER = z.strictObject({
  path: z.string(),
  /** The data set's content hash. */
  sha256: hash,
  images: positive,
});

export const RECIPE = z.strictObject({
  /** Of this format. */
  version: z.literal(1),
  /** What made the recipe. */
  createdBy: z.strictObject({ fovea: z.string(), node: z.string().optional() }),
  /** A known architecture by name, or any model in Keras's form. */
  model: z.union([z.strictObject({ name: z.string() }), z.strictObject({ config: z.record(z.string(), z.json()) })]),
  classNames: z.array(z.string()).min(2).readonly(),
  data: z.strictObject({ train: FOLDER, test: FOLDER.optional() }),
  preprocessing: PREPROCESSING,
  /** What is held out of `data.train` to validate on, and of all data to test on where there is no test folder. */
  split: z.strictObject({
    validation: z.number().gt(0).lt(1),
    test: z.number().gt(0).lt(1).optional(),
    seed: z.int().min(0).max(0xffff_ffff),
    stratify: z.boolean().optional(),
  }),
  /** Of the initial weights, the order of samples and dropout. */
  seed: z.int().min(0),
  mode: z.enum(["reproducible", "fast"]),
  training: z.strictObject({
    optimizer: kerasForm,
    loss: kerasForm,
    metrics: z.array(kerasForm).readonly(),
    epochs: positive,
    batchSize: positive,
    /** The history key that early stopping watches. */
    monitor: z.string(),
    /** Epochs without improvement after which training stops; null for never. */
    patience: z.int().min(0).nullable(),
  }),
});

export type Recipe = z.infer<typeof RECIPE>;
export type Preprocessing = z.infer<typeof PREPROCESSING>;

/** The recipe as text; its fields in the schema's order, so that equal recipes are equal files. */
export const writeRecipe = (recipe: Recipe): string => printJson(RECIPE.parse(recipe));

/**
 * Reads the text of a recipe.json.
 * @throws FoveaError naming the first field that is missing, unknown or wrong.
 */
export const readRecipe = (text: Uint8Array | string, name = "recipe.json"): Recipe =>
  checkJson(name, RECIPE, parseJson(name, text));
