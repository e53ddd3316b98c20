// All losses, and the names by which a string chooses them.
import { oneOf } from "../../core/errors.js";
import type { Json, JsonObject } from "../../core/json.js";
import { made } from "../../core/options.js";
import { ConfigReader, classAndConfig, kerasObject } from "../config/keras-object.js";
import { type Spelled, toSnakeCase } from "../config/naming.js";
import { arcFace } from "./arc-face.js";
import { centerPoints } from "./center-points.js";
import { binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy } from "./crossentropy.js";
import { gammaDeviance, poissonDeviance, tweedieDeviance } from "./deviance.js";
import { sparseDice } from "./dice.js";
import { binaryFocalCrossentropy, categoricalFocalCrossentropy, sparseFocalCrossentropy } from "./focal.js";
import { categoricalHinge, hinge, squaredHinge } from "./hinge.js";
import type { Loss } from "./loss.js";
import { sparseLovasz } from "./lovasz.js";
import {
  cosineSimilarity,
  huber,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  poisson,
} from "./regression.js";
import { tripletHard } from "./triplet.js";

export { type ArcFaceOptions, arcFace } from "./arc-face.js";
export { BOX_MAPS, BOX_NUMBERS, CENTER_BOXES } from "./cell-boxes.js";
export { type CenterPointsOptions, centerPoints } from "./center-points.js";
export {
  binaryCrossentropy,
  type CrossentropyOptions,
  categoricalCrossentropy,
  type SmoothedCrossentropyOptions,
  type SparseCrossentropyOptions,
  sparseCategoricalCrossentropy,
} from "./crossentropy.js";
export { gammaDeviance, poissonDeviance, tweedieDeviance } from "./deviance.js";
export { sparseDice } from "./dice.js";
export {
  type BinaryFocalOptions,
  binaryFocalCrossentropy,
  categoricalFocalCrossentropy,
  type FocalOptions,
  type SparseFocalOptions,
  sparseFocalCrossentropy,
} from "./focal.js";
export { categoricalHinge, hinge, squaredHinge } from "./hinge.js";
export type { Loss } from "./loss.js";
export { sparseLovasz } from "./lovasz.js";
export type { MaskLossOptions } from "./mask-loss.js";
export {
  cosineSimilarity,
  huber,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  poisson,
} from "./regression.js";
export { type TripletOptions, tripletHard } from "./triplet.js";

const ignoring = ({ config }: ConfigReader) => ({
  ignoreClass: typeof config.ignore_class === "number" ? config.ignore_class : null,
});
const smoothed = (config: ConfigReader) => ({
  fromLogits: config.boolean("from_logits", false),
  labelSmoothing: config.number("label_smoothing", 0),
});
const ofMasks = (config: ConfigReader) => ({
  fromLogits: config.boolean("from_logits", false),
  crossentropy: config.number("crossentropy", 0),
  ...ignoring(config),
});
const focal = (config: ConfigReader) => ({
  ...smoothed(config),
  gamma: config.number("gamma", 2),
  alpha: config.number("alpha", 0.25),
});

/** By Keras's name; settings come from a config. */
const BY_NAME = {
  sparse_categorical_crossentropy: (config: ConfigReader) =>
    sparseCategoricalCrossentropy({ fromLogits: config.boolean("from_logits", false), ...ignoring(config) }),
  sparse_focal_crossentropy: (config: ConfigReader) =>
    sparseFocalCrossentropy({
      fromLogits: config.boolean("from_logits", false),
      gamma: config.number("gamma", 2),
      ...ignoring(config),
    }),
  sparse_dice: (config: ConfigReader) => sparseDice(ofMasks(config)),
  sparse_lovasz: (config: ConfigReader) => sparseLovasz(ofMasks(config)),
  center_points: (config: ConfigReader) =>
    centerPoints({
      gamma: config.number("gamma", 2),
      nearness: config.number("nearness", 4),
      offsetWeight: config.number("offset_weight", 1),
      sizeWeight: config.number("size_weight", 1),
      boxWeight: config.number("box_weight", 0),
      perBatch: config.boolean("per_batch", false),
      soft: config.boolean("soft", false),
      peakWeight: config.number("peak_weight", 1),
    }),
  categorical_crossentropy: (config: ConfigReader) => categoricalCrossentropy(smoothed(config)),
  binary_crossentropy: (config: ConfigReader) => binaryCrossentropy(smoothed(config)),
  categorical_focal_crossentropy: (config: ConfigReader) => categoricalFocalCrossentropy(focal(config)),
  binary_focal_crossentropy: (config: ConfigReader) =>
    binaryFocalCrossentropy({
      ...focal(config),
      applyClassBalancing: config.boolean("apply_class_balancing", false),
    }),
  kl_divergence: () => klDivergence(),
  mean_squared_error: () => meanSquaredError(),
  mean_absolute_error: () => meanAbsoluteError(),
  mean_absolute_percentage_error: () => meanAbsolutePercentageError(),
  mean_squared_logarithmic_error: () => meanSquaredLogarithmicError(),
  huber: (config: ConfigReader) => huber({ delta: config.number("delta", 1) }),
  log_cosh: () => logCosh(),
  cosine_similarity: () => cosineSimilarity(),
  hinge: () => hinge(),
  squared_hinge: () => squaredHinge(),
  categorical_hinge: () => categoricalHinge(),
  poisson: () => poisson(),
  poisson_deviance: () => poissonDeviance(),
  gamma_deviance: () => gammaDeviance(),
  tweedie_deviance: (config: ConfigReader) => tweedieDeviance({ power: config.number("power", 1.5) }),
  arc_face: (config: ConfigReader) =>
    arcFace({ margin: config.number("margin", 0.5), scale: config.number("scale", 64) }),
  triplet_hard: (config: ConfigReader) => tripletHard({ margin: config.number("margin", 0.2) }),
} as const;

const ALIASES = {
  mse: "mean_squared_error",
  mae: "mean_absolute_error",
  mape: "mean_absolute_percentage_error",
  msle: "mean_squared_logarithmic_error",
  kld: "kl_divergence",
  kullback_leibler_divergence: "kl_divergence",
  logcosh: "log_cosh",
  gamma: "gamma_deviance",
  arcface: "arc_face",
  triplet: "triplet_hard",
  tweedie: "tweedie_deviance",
} as const satisfies Readonly<Record<string, keyof typeof BY_NAME>>;

/** The names that `loss: "..."` accepts. */
export const LOSS_NAMES: readonly string[] = [...Object.keys(BY_NAME), ...Object.keys(ALIASES)];

function named(name: string, config: JsonObject): Loss {
  const key = oneOf("loss", toSnakeCase(name), LOSS_NAMES);
  const known = key in ALIASES ? ALIASES[key as keyof typeof ALIASES] : (key as keyof typeof BY_NAME);
  return BY_NAME[known](new ConfigReader(name, config));
}

/** The names of losses, Keras's short ones among them. */
export type LossName = Spelled<keyof typeof BY_NAME> | keyof typeof ALIASES;

/** A loss, or its name: `"mse"`, `"sparse_categorical_crossentropy"`, `"sparseCategoricalCrossentropy"`. */
export type LossLike = Loss | LossName;

/**
 * The loss that a user named or made; a name means Keras's defaults (probabilities, not logits).
 * @param loss A loss, or one of `LOSS_NAMES`.
 * @example lossOf("mse").name; // "mean_squared_error"
 */
export const lossOf = (loss: LossLike): Loss =>
  typeof loss === "string" ? named(loss, {}) : made("loss", "a loss", loss, "values");

/**
 * Keras's form, as it stands in a file's compile_config.
 * @example const loss = lossFromKeras(lossToKeras(lossOf("huber")));
 */
export const lossToKeras = ({ className, name, config }: Loss): Json => ({
  ...kerasObject("keras.losses", className, { name, reduction: "sum_over_batch_size", ...config }),
});

/**
 * Reads Keras's form: an object, or a name.
 * @param value The entry `loss` of a compile_config.
 * @throws FoveaError for a loss that Fovea does not have, or that sums otherwise.
 */
export function lossFromKeras(value: Json | undefined): Loss {
  if (typeof value === "string") return named(value, {});
  const { className, config } = classAndConfig("loss", value);
  const reader = new ConfigReader(className, config);
  // Keras 2 called the default "auto".
  reader.refuseUnless("reduction", (how) => how === "sum_over_batch_size" || how === "auto");
  reader.refuseUnless("axis", (axis) => axis === -1);
  return named(className, config);
}
