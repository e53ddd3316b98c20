// assets/fovea.json: facts for using and auditing a model, besides its weights, that Keras has no place for.
import * as z from "zod";
import { checkJson } from "../json.js";
import { PREPROCESSING, STORED_RECIPE } from "../run/recipe.js";
import { TASK } from "../run/task.js";
import { TABLE_FACTS } from "./table-facts.js";
import { TRUST_FACTS } from "./trust-facts.js";

const FACTS = z.looseObject({
  /** Of this format. */
  version: z.literal(1),
  /** Kind of the model's answers; absent in files of version 1 of recipes, and in those of other programs. */
  task: TASK.optional(),
  /** The class of each output of a classification, in order. */
  classNames: z.array(z.string()).readonly().optional(),
  /** Preprocessing of images into the model's input. */
  preprocessing: PREPROCESSING.optional(),
  /** Columns of a table that become the model's input, and the target that it predicts. */
  table: TABLE_FACTS.optional(),
  /** Recipe of the model's training: data hash, split and seeds included. */
  recipe: STORED_RECIPE.optional(),
  /** Number of training images of each class, in the order of `classNames`. */
  classCounts: z.array(z.int().min(0)).readonly().optional(),
  /** Results by part of the data and metric: `{ test: { loss, accuracy } }`. */
  metrics: z.record(z.string(), z.record(z.string(), z.number())).optional(),
  /** SHA-256 over the weights, as `model.weightsSha256()` gives it. */
  weightsSha256: z.string().optional(),
  /** Temperature, limits and embeddings that say which answers can be relied on; absent in older files. */
  trust: TRUST_FACTS.optional(),
});

/** Facts about a model beyond Keras's: class names, preprocessing, recipe. */
export type FoveaFacts = z.infer<typeof FACTS>;

/**
 * Checks that a value from a file has the form of `FoveaFacts`.
 * @param what The name in messages.
 * @param value Any JSON.
 * @throws FoveaError naming the first field that is missing or wrong; unknown ones are kept.
 * @example checkFacts("facts", { version: 1, classNames: ["cat", "dog"] });
 */
export const checkFacts = (what: string, value: unknown): FoveaFacts => checkJson(what, FACTS, value);
