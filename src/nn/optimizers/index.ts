// All optimizers, and the names by which a string or a Keras file chooses them.
import { FoveaError, shown } from "../../core/errors.js";
import type { Json, JsonObject } from "../../core/json.js";
import { ownValue } from "../../core/lookup.js";
import { made } from "../../core/options.js";
import { ConfigReader, classAndConfig, kerasObject } from "../config/keras-object.js";
import { type AdamOptions, adam, adamax, adamw, nadam } from "./adam.js";
import { adadelta, adagrad, rmsprop } from "./adaptive.js";
import type { Optimizer, OptimizerOptions } from "./optimizer.js";
import { scheduleFromKeras, scheduleToKeras } from "./schedules.js";
import { lion, sgd } from "./sgd.js";

export { type AdamOptions, adam, adamax, adamw, nadam } from "./adam.js";
export {
  type AdadeltaOptions,
  type AdagradOptions,
  adadelta,
  adagrad,
  type RMSpropOptions,
  rmsprop,
} from "./adaptive.js";
export { type Formula, Optimizer, type OptimizerOptions, type Step, type Update } from "./optimizer.js";
export {
  type CosineDecayOptions,
  type CosineDecayRestartsOptions,
  cosineDecay,
  cosineDecayRestarts,
  exponentialDecay,
  inverseTimeDecay,
  type PolynomialDecayOptions,
  piecewiseConstantDecay,
  polynomialDecay,
  type Schedule,
  type StaircaseOptions,
} from "./schedules.js";
export { type LionOptions, lion, type SGDOptions, sgd } from "./sgd.js";

/** An optimizer, or its name with Keras's defaults. */
export type OptimizerLike = Optimizer | OptimizerName;

/** The names of optimizers, as Keras spells them. */
export type OptimizerName = keyof typeof KNOWN;

type Shared = OptimizerOptions;

/** The options of Adam and its kin, which refuse what only Keras has. */
function adamFrom(config: ConfigReader, shared: Shared): AdamOptions {
  config.refuseUnless("amsgrad", (value) => value === false);
  return {
    ...shared,
    beta1: config.number("beta_1", 0.9),
    beta2: config.number("beta_2", 0.999),
    epsilon: config.number("epsilon", 1e-7),
  };
}

type Make = (config: ConfigReader, shared: Shared) => Optimizer;

/** By Keras's lower-case name. */
const KNOWN = {
  adam: (config, shared) => adam(adamFrom(config, shared)),
  adamw: (config, shared) => adamw(adamFrom(config, shared)),
  adamax: (config, shared) => adamax(adamFrom(config, shared)),
  nadam: (config, shared) => nadam(adamFrom(config, shared)),
  sgd: (config, shared) =>
    sgd({ ...shared, momentum: config.number("momentum", 0), nesterov: config.boolean("nesterov", false) }),
  lion: (config, shared) =>
    lion({ ...shared, beta1: config.number("beta_1", 0.9), beta2: config.number("beta_2", 0.99) }),
  rmsprop: (config, shared) =>
    rmsprop({
      ...shared,
      rho: config.number("rho", 0.9),
      momentum: config.number("momentum", 0),
      epsilon: config.number("epsilon", 1e-7),
      centered: config.boolean("centered", false),
    }),
  adagrad: (config, shared) =>
    adagrad({
      ...shared,
      initialAccumulatorValue: config.number("initial_accumulator_value", 0.1),
      epsilon: config.number("epsilon", 1e-7),
    }),
  adadelta: (config, shared) =>
    adadelta({ ...shared, rho: config.number("rho", 0.95), epsilon: config.number("epsilon", 1e-7) }),
} satisfies Readonly<Record<string, Make>>;
const FROM_CONFIG: Readonly<Record<string, Make>> = KNOWN;

function named(name: string, config: ConfigReader, shared: Shared): Optimizer {
  const make = ownValue(FROM_CONFIG, name.toLowerCase());
  if (make === undefined)
    throw new FoveaError(
      "unknown-choice",
      `optimizer: expected one of ${Object.keys(FROM_CONFIG).join(", ")}, received ${shown(name)}`,
    );
  return make(config, shared);
}

/**
 * The optimizer that a user named or made.
 * @param optimizer An optimizer, or its name with Keras's defaults.
 * @example optimizerOf("adam").learningRate; // 0.001
 */
export const optimizerOf = (optimizer: OptimizerLike): Optimizer =>
  typeof optimizer === "string"
    ? named(optimizer, new ConfigReader(optimizer, {}), {})
    : made("optimizer", "an optimizer", optimizer, "update");

/** Settings that all Keras optimizers share and Fovea leaves at their defaults. */
const DEFAULTS = {
  use_ema: false,
  ema_momentum: 0.99,
  ema_overwrite_frequency: null,
  loss_scale_factor: null,
  gradient_accumulation_steps: null,
} as const;

/**
 * Keras's form, as it stands in a file's compile_config.
 * @param optimizer The optimizer.
 * @example const same = optimizerFromKeras(optimizerToKeras(optimizerOf("sgd")));
 */
export function optimizerToKeras(optimizer: Optimizer): Json {
  const { className, name, schedule, learningRate, weightDecay, clip, config } = optimizer;
  const bound = (kind: string): number | null => (clip?.kind === kind ? clip.bound : null);
  return {
    ...kerasObject("keras.optimizers", className, {
      name,
      learning_rate: schedule === undefined ? learningRate : scheduleToKeras(schedule),
      weight_decay: weightDecay,
      clipnorm: bound("clipnorm"),
      global_clipnorm: bound("globalClipnorm"),
      clipvalue: bound("clipvalue"),
      ...DEFAULTS,
      ...config,
    }),
  };
}

/** Rate, decay and clipping from a config. */
function sharedFrom(config: JsonObject): Shared {
  const rate = config.learning_rate;
  const number = (key: string): number | null => {
    const value = config[key];
    return typeof value === "number" ? value : null;
  };
  return {
    ...(typeof rate === "number" ? { learningRate: rate } : {}),
    ...(typeof rate === "object" && rate !== null ? { learningRate: scheduleFromKeras(rate) } : {}),
    weightDecay: number("weight_decay"),
    clipnorm: number("clipnorm"),
    globalClipnorm: number("global_clipnorm"),
    clipvalue: number("clipvalue"),
  };
}

/**
 * Reads Keras's form: an object, or a name.
 * @param value The entry `optimizer` of a compile_config.
 * @throws FoveaError for an optimizer or a setting that Fovea does not have.
 */
export function optimizerFromKeras(value: Json | undefined): Optimizer {
  if (typeof value === "string") return named(value, new ConfigReader(value, {}), {});
  const { className, config } = classAndConfig("optimizer", value);
  const reader = new ConfigReader(className, config);
  reader.refuse("gradient_accumulation_steps");
  reader.refuseUnless("use_ema", (on) => on === false);
  return named(className, reader, sharedFrom(config));
}
