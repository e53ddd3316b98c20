// All optimizers, and how a string or a Keras file names one.
import { FoveaError } from "../../core/errors.js";
import { ConfigReader, classAndConfig, type Json, kerasObject } from "../serialization/keras-object.js";
import { adam } from "./adam.js";
import type { Optimizer } from "./optimizer.js";
import { sgd } from "./sgd.js";

export { type AdamOptions, adam } from "./adam.js";
export type { Optimizer, Update } from "./optimizer.js";
export { type SGDOptions, sgd } from "./sgd.js";

/** An optimizer, or its name with Keras's defaults. */
export type OptimizerLike = Optimizer | string;

const FROM_CONFIG: Readonly<Record<string, (config: ConfigReader) => Optimizer>> = {
  adam: (config) => {
    config.refuseUnless("amsgrad", (value) => value === false);
    return adam({
      learningRate: config.number("learning_rate", 0.001),
      beta1: config.number("beta_1", 0.9),
      beta2: config.number("beta_2", 0.999),
      epsilon: config.number("epsilon", 1e-7),
    });
  },
  sgd: (config) =>
    sgd({
      learningRate: config.number("learning_rate", 0.01),
      momentum: config.number("momentum", 0),
      nesterov: config.boolean("nesterov", false),
    }),
};

function named(name: string, config: ConfigReader): Optimizer {
  const make = FROM_CONFIG[name.toLowerCase()];
  if (make === undefined)
    throw new FoveaError(
      `optimizer: expected one of ${Object.keys(FROM_CONFIG).join(", ")}, received ${JSON.stringify(name)}`,
    );
  return make(config);
}

/** The optimizer that a user named or made. */
export const optimizerOf = (given: OptimizerLike): Optimizer =>
  typeof given === "string" ? named(given, new ConfigReader(given, {})) : given;

/** Settings that all Keras optimizers share and Fovea leaves at their defaults. */
const SHARED = {
  weight_decay: null,
  clipnorm: null,
  global_clipnorm: null,
  clipvalue: null,
  use_ema: false,
  ema_momentum: 0.99,
  ema_overwrite_frequency: null,
  loss_scale_factor: null,
  gradient_accumulation_steps: null,
} as const;

/** Keras's form, as it stands in a file's compile_config. */
export const optimizerToKeras = ({ className, name, learningRate, config }: Optimizer): Json => ({
  ...kerasObject("keras.optimizers", className, { name, learning_rate: learningRate, ...SHARED, ...config }),
});

/** Reads Keras's form. */
export function optimizerFromKeras(value: Json | undefined): Optimizer {
  const { className, config } = classAndConfig("optimizer", value);
  const reader = new ConfigReader(className, config);
  reader.refuse("weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "gradient_accumulation_steps");
  reader.refuseUnless("use_ema", (on) => on === false);
  return named(className, reader);
}
